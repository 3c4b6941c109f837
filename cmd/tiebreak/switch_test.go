package main

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// switchLimit is promised: after another server took over, all connections are with it within this time.
const switchLimit = 15 * time.Second

// TestServerThatTurnsReadOnlyIsLeft has two servers swap roles while every connection to the first one stays open. They share
// no data: only where the program writes matters.
func TestServerThatTurnsReadOnlyIsLeft(t *testing.T) {
	t.Parallel()
	first, second := startedServer(t), startedServer(t)
	setReadOnly(t, second, "on")
	site, box := serveWithMail(t, "DATABASE_URL="+eitherOf(t, first, second), "TIEBREAK_STAFF_MAIL=staff@example.org",
		"TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8", "TIEBREAK_IMAP_URL="+mailtest.NewIMAP(t, true).URL())
	mailed := func(email string) bool {
		return slices.ContainsFunc(box.Got(), func(l mailtest.Letter) bool { return l.To[0] == email })
	}
	taken := func(email string) bool {
		receipt, err := tryPost(site.base, url.Values{"email": {email}, "guide": {""}}) // the second server has no guides
		return err == nil && receipt != ""
	}
	// All connections of the pool are opened, so that some of them lie idle when the roles change.
	stop := (&oracle{}).load(site.base, 0)
	pgtest.Eventually(t, switchLimit, "mails go out", func() bool {
		return taken("before@example.org") && mailed("before@example.org")
	})
	stop()

	setReadOnly(t, first, "on")
	setReadOnly(t, second, "off")
	pgtest.Eventually(t, switchLimit, "requests are taken, ten of ten", func() bool {
		for range 10 {
			if !taken("after@example.org") {
				return false
			}
		}
		return ready(site.base)
	})
	pgtest.Eventually(t, switchLimit, "mails go out again", func() bool { return mailed("after@example.org") })
	pgtest.Await(t, second, switchLimit, `EXISTS (SELECT FROM pg_stat_activity
		WHERE query LIKE '%heartbeat%' AND pid <> pg_backend_pid())`)
	pgtest.Await(t, second, switchLimit, `EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 74650008)`)

	setReadOnly(t, second, "on")
	setReadOnly(t, first, "off")
	pgtest.Eventually(t, switchLimit, "and back", func() bool { return taken("again@example.org") })
}

// startedServer starts a PostgreSQL with the schema in it and returns its address.
func startedServer(t *testing.T) string {
	t.Helper()
	return pgtest.Start(t, siteFolder(t)).URL()
}

func setReadOnly(t *testing.T, address, value string) {
	t.Helper()
	for _, sql := range []string{`ALTER SYSTEM SET default_transaction_read_only = ` + value, `SELECT pg_reload_conf()`} {
		must(t, pgtest.Exec(t, address, sql))
	}
}

// eitherOf returns the address of both servers, of which clients use the one that takes writes.
func eitherOf(t *testing.T, first, second string) string {
	t.Helper()
	u, err := url.Parse(first)
	must(t, err)
	other, err := url.Parse(second)
	must(t, err)
	q := u.Query()
	q.Set("host", q.Get("host")+","+other.Query().Get("host"))
	q.Set("target_session_attrs", "read-write")
	u.RawQuery = q.Encode()
	return u.String()
}
