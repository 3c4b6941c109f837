package staff_test

import (
	"context"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

func TestPasswordIsComparedToTheLetter(t *testing.T) {
	t.Parallel()
	long := " Wörter  in einer Reihe " + strings.Repeat("x", 40) + strings.Repeat("漢", staff.MaxPassword-64)
	hash, err := staff.HashPassword(t.Context(), long)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %q", hash)
	}
	for password, want := range map[string]bool{
		long:                                     true,
		strings.TrimSpace(long):                  false,
		strings.ToLower(long):                    false,
		long[:len(long)-len("漢")]:                false,
		strings.Replace(long, "  ", " ", 1):      false,
		strings.Replace(long, "ö", "o\u0308", 1): false,
	} {
		if match, err := staff.PasswordMatches(context.Background(), password, hash); err != nil || match != want {
			t.Errorf("%q matches: %v (%v)", password, match, err)
		}
	}
}
