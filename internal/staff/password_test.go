package staff_test

import (
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

func TestPasswordIsJudgedByLengthAndRarityOnly(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"short":                       "at least 10",
		"1234567890":                  "Many people use",
		"QwertyUIOP":                  "Many people use",
		"Sample Member":               "not your name or address",
		"member@EXAMPLE.org":          "not your name or address",
		strings.Repeat("x", 201):      "at most 200",
		"four words in a row":         "",
		"пароль из слов":              "",
		"aaaaaaaaaab no upper, no 1!": "",
	} {
		n := staff.NewMember{Email: "member@example.org", Name: "Sample Member", Password: password, Role: staff.Editor}
		got := n.Check().For("password")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestDeviceIsKnownToItsMemberWithTheSamePasswordOnly(t *testing.T) {
	t.Parallel()
	secret := []byte("a secret of at least thirty-two bytes")
	kept := staff.NewDevice(secret, "Member@example.org", "hash")
	if staff.KnownDevice(secret, kept, "member@example.org", "hash") == "" {
		t.Error("it is not known")
	}
	for _, other := range []string{
		staff.KnownDevice(secret, kept, "other@example.org", "hash"), staff.KnownDevice(secret, kept, "member@example.org", "changed"),
		staff.KnownDevice(secret, kept, "member@example.org", ""), staff.KnownDevice(secret, "x"+kept, "member@example.org", "hash"),
		staff.KnownDevice(secret, "", "member@example.org", "hash"), staff.KnownDevice([]byte("another secret"), kept, "member@example.org", "hash"),
	} {
		if other != "" {
			t.Errorf("%s is known", other)
		}
	}
}
