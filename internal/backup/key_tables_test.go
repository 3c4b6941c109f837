package backup_test

import (
	"slices"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// TestBackupHoldsNoPrivateKeys restores a backup of a site with a certificate. The site obtains a new one then.
func TestBackupHoldsNoPrivateKeys(t *testing.T) {
	t.Parallel()
	url, empty := pgtest.NewURL(t), pgtest.EmptyURL(t)
	db := pgtest.Open(t, url)
	receive(t, db, 1)
	id := postgres.CertificateID{Directory: "https://authority.test/dir", Host: "guides.test"}
	const canary = "canary-private-key"
	_, err := db.AccountKey(t.Context(), id.Directory, []byte(canary))
	must(t, err)
	_, err = db.ClaimOrder(t.Context(), id, time.Minute)
	must(t, err)
	must(t, db.StoreCertificate(t.Context(), id, []byte(canary), time.Hour, time.Hour))
	must(t, db.AddChallenge(t.Context(), "tls-alpn-01 guides.test", []byte(canary)))
	if held := pgtest.TablesWith(t, url, canary); !slices.Equal(held, postgres.KeyTables) {
		t.Errorf("private keys are in %v", held)
	}

	_, err = config(t, pgtest.Open(t, empty), "").Restore(t.Context(), open(t, write(t, db, ""), ""), nil)
	must(t, err)
	if held := pgtest.TablesWith(t, empty, canary); len(held) > 0 {
		t.Errorf("after a restore, private keys are in %v", held)
	}
	if c, err := pgtest.Open(t, empty).Certificate(t.Context(), id); err != nil || !c.Due || c.PEM != nil {
		t.Errorf("after a restore, the certificate is %+v (%v)", c, err)
	}
}
