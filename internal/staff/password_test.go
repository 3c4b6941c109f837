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
		"1234567890":                  "too common",
		"QwertyUIOP":                  "too common",
		"Sample Member":               "your name, your email address or the site’s name. Add at least 6 other characters",
		"sample2026!":                 "your name, your email address or the site’s name. Add at least 6 other characters",
		"Tiebreak-2026":               "your name, your email address or the site’s name. Add at least 6 other characters",
		"     abcde":                  "",
		"the Studio and 123":          "",
		"STUDIO123studio":             "your name, your email address or the site’s name. Add at least 6 other characters",
		"member@EXAMPLE.org":          "your name, your email address or the site’s name. Add at least 6 other characters",
		strings.Repeat("x", 201):      "at most 200",
		"four words in a row":         "",
		"пароль из слов":              "",
		"aaaaaaaaaab no upper, no 1!": "",
	} {
		n := staff.NewMember{Email: "member@example.org", Name: "Sample Member", Password: password, Role: staff.Editor}
		got := n.Check("A Studio", "localhost").For("password")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestNamesAndAddressesAreBounded(t *testing.T) {
	t.Parallel()
	good := staff.NewMember{
		Email: strings.Repeat("a", 60) + "@example.org", Name: strings.Repeat("ж", 100),
		Password: "four words in a row", Role: staff.Reader,
	}
	if wrong := good.Check(); wrong != nil {
		t.Errorf("refused: %v", wrong)
	}
	long := good
	long.Email, long.Name = strings.Repeat("a", 60)+"@"+strings.Repeat("example.", 30)+"org", good.Name+"ж"
	if wrong := long.Check(); wrong.For("email") == "" || !strings.Contains(wrong.For("name"), "up to 100 characters") {
		t.Errorf("said was %v", wrong)
	}
}
