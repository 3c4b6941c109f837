package web_test

import (
	"testing"

	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

func TestStaffAreToldThatABackupFailedOrIsMissing(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.get("/staff/leads").wantCount(".banner", 0)
	for _, c := range []struct {
		kind    postgres.BackupKind
		problem postgres.BackupProblem
		later   string
		want    string // of the banner; "" for no banner
		metric  string
	}{
		{postgres.NightlyBackup, postgres.NoSpace, "1 hour", "The disk for backups is full", "tiebreak_backup_failed 1"},
		{postgres.NightlyBackup, "", "2 hours", "", "tiebreak_backup_failed 0"},
		{postgres.BackupDrill, postgres.OtherProblem, "3 hours", "could not be restored", "tiebreak_backup_drill_failed 1"},
		{postgres.BackupDrill, "", "4 hours", "", "tiebreak_backup_drill_failed 0"},
	} {
		noError(t, s.db.RecordBackup(t.Context(), c.kind, c.problem))
		later := s.later(c.later)
		page := later.get("/staff/leads")
		if c.want == "" {
			page.wantCount(".banner", 0)
		} else {
			page.wantText(".banner", c.want)
		}
		later.wantCounted(c.metric)
	}
	later := s.later("39 hours")
	later.mustSignIn(memberEmail)
	later.get("/staff/leads").wantText(".banner", "A nightly backup is missing. The last good one is of")
}

func TestPrivacyPageSaysHowLongBackupsKeepErasedText(t *testing.T) {
	t.Parallel()
	newSite(t).wantPrivacyPage("Backups of this site can contain it for up to seven months more.")
}
