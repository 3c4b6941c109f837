package postgres_test

import (
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestDatabaseIsNotFilledByAnImportThatFails(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	filled, err := db.Start(t.Context(), guide.Folder{Guides: []guide.Guide{{Slug: "no-options"}}})
	if filled || err == nil {
		t.Errorf("filled is %v after the error %v", filled, err)
	}
}

func TestModeThatCannotSendListsIsRefusedWithWhatToSet(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	for mode, works := range map[string]bool{
		"cache_statement": true, "cache_describe": true, "describe_exec": true, "exec": false, "simple_protocol": false,
	} {
		db, err := postgres.Open(t.Context(), address+sign(address)+"default_query_exec_mode="+mode)
		if works && err == nil {
			if _, err = db.Start(t.Context(), starterFolder(t)); err != nil {
				t.Errorf("%s: %v", mode, err)
			}
		}
		if (err == nil) != works || err != nil && !strings.Contains(err.Error(), "cache_describe") {
			t.Errorf("%s: %v", mode, err)
		}
		if err == nil {
			db.Close()
		}
	}
}
