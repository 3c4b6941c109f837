package postgres

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
)

func TestMappedErrorKeepsItsCause(t *testing.T) {
	t.Parallel()
	err := mapError(pgx.ErrNoRows)
	if !errors.Is(err, fault.NotFound) || !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("got %v", err)
	}
}
