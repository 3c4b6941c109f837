package staff_test

import (
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"tiebreak/internal/staff"
)

func TestPasswordIsJudgedByLengthAndRarityOnly(t *testing.T) {
	t.Parallel()
	const tooClose = "your name, your email address or the site’s name. Add at least 6 other characters"
	for password, want := range map[string]string{
		"short":                       "at least 10",
		"1234567890":                  "too common",
		"QwertyUIOP":                  "too common",
		"Sample Member":               tooClose,
		"sample2026!":                 tooClose,
		"Tiebreak-2026":               tooClose,
		"     abcde":                  "",
		"the Studio and 123":          "",
		"STUDIO123studio":             tooClose,
		"member@EXAMPLE.org":          tooClose,
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

// matches reports passwords that match the hash, or do not, against what is wanted.
func matches(t *testing.T, hash string, wanted map[string]bool) {
	t.Helper()
	for password, want := range wanted {
		if match, err := staff.PasswordMatches(t.Context(), password, hash); err != nil || match != want {
			t.Errorf("%+q matches: %v (%v)", password, match, err)
		}
	}
}

func hashed(t *testing.T, password string) string {
	t.Helper()
	hash, err := staff.HashPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestPasswordIsComparedExactly(t *testing.T) {
	t.Parallel()
	long := " Wörter  in einer Reihe " + strings.Repeat("x", 40) + strings.Repeat("漢", staff.MaxPassword-64)
	hash := hashed(t, long)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %q", hash)
	}
	matches(t, hash, map[string]bool{
		long:                                     true,
		strings.TrimSpace(long):                  false,
		strings.ToLower(long):                    false,
		long[:len(long)-len("漢")]:                false,
		strings.Replace(long, "  ", " ", 1):      false,
		strings.Replace(long, "ö", "o\u0308", 1): false,
	})
}

func TestPasswordsThatLookTheSameAreTheSame(t *testing.T) {
	t.Parallel()
	matches(t, hashed(t, "\ufeffcafe\u0301 au lait １２"), map[string]bool{
		"café au lait 12": true, "cafe\u0301 au\u00a0lait 12": true, "café\u200b au lait １２": true, "cafe au lait 12": false,
		"Café au lait 12": false,
	})
}

func TestHashesOfPasswordsAsTheyWereTypedStillVerify(t *testing.T) {
	t.Parallel()
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	for _, typed := range []string{"cafe\u0301 au lait", "ｐａｓｓ ｗｏｒｄ １２", "a plain password"} {
		old, err := argon2id.CreateHash(typed, cheap)
		if err != nil {
			t.Fatal(err)
		}
		matches(t, old, map[string]bool{typed: true})
	}
	matches(t, "", map[string]bool{"ｎｏ ｍｅｍｂｅｒ": false}) // without a member
}

func TestPasswordsAreJudgedByWhatCanBeSeen(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"short" + strings.Repeat("\u200b", 10), "ｐａｓｓｗｏｒｄ１２３", "Ｍａｒａｌｉｎｄ１２３"} {
		if staff.CheckPassword(password, "Mara Lind") == nil {
			t.Errorf("%q is taken", password)
		}
	}
	if staff.CheckPassword("renee dupre 12", "Renée Dupré") == nil {
		t.Error("a name without its accents is taken for a password")
	}
}
