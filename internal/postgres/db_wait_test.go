package postgres_test

import (
	"context"
	"net"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestOnlyErrorsThatTimeMendsAreWaitedFor(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	limited, _ := pgtest.AsRole(t, pgtest.NewURL(t), 30)
	unknown := parsed(t, limited)
	unknown.Path = "/no_such_database"
	address := pgtest.NewURL(t)
	locked, role := pgtest.AsRole(t, address, 30)
	exec(t, address, `ALTER ROLE `+role+` PASSWORD 'right'`)
	exec(t, address, `REVOKE limited FROM `+role+`; GRANT locked TO `+role)
	wrong := parsed(t, locked)
	full, _ := pgtest.AsRole(t, pgtest.NewURL(t), 0)
	readOnly := pgtest.NewURL(t)
	exec(t, readOnly, `ALTER DATABASE `+nameIn(parsed(t, readOnly))+` SET default_transaction_read_only = on`)
	for name, test := range map[string]struct {
		address string
		mends   bool
	}{
		"nobody listens":      {"postgres://site@" + nobody + "/site", true},
		"no such host":        {"postgres://site@no-such-host.invalid/site", true},
		"a standby":           {readOnly + "&target_session_attrs=read-write", true},
		"no connection left":  {full, true},
		"an unknown database": {unknown.String(), false},
		"a wrong password":    {wrong.String() + "&password=wrong", false},
		"nobody listens, and then a wrong password": {
			"postgres://" + role + ":wrong@/" + nameIn(wrong) + "?host=127.0.0.1," + wrong.Query().Get("host") + "&port=1," +
				wrong.Query().Get("port"), false,
		},
		"an address that cannot be read": {"postgres://site@/site?port=none", false},
	} {
		db, err := postgres.Open(context.Background(), test.address)
		if err == nil {
			db.Close()
		}
		if err == nil || postgres.MayComeBack(err) != test.mends {
			t.Errorf("%s: %v: waited for: %v, want %v", name, err, !test.mends, test.mends)
		}
	}
}
