package lead_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/lead"
)

func TestMailTokenNamesItsLeadInAnyCase(t *testing.T) {
	t.Parallel()
	secret := []byte("a secret of the site")
	form := regexp.MustCompile(`^[a-z2-7]+$`)
	for _, id := range []int64{1, 2, 31, 255, 256, 1_000_000, math.MaxInt64} {
		token := lead.MailToken(secret, id)
		if !form.MatchString(token) || len(token) > 30 {
			t.Errorf("the token of %d is %s", id, token)
		}
		for _, written := range []string{token, strings.ToUpper(token)} {
			if got, ok := lead.ReadMailToken(secret, written); !ok || got != id {
				t.Errorf("%s is read as %d, %v", written, got, ok)
			}
		}
		address := lead.ReplyAddress(secret, "studio+leads@example.org", id)
		if got, ok := lead.ReadReplyAddress(secret, address); !ok || got != id {
			t.Errorf("%s is read as %d, %v", address, got, ok)
		}
	}
}

func TestWrongMailTokenIsNone(t *testing.T) {
	t.Parallel()
	secret := []byte("a secret of the site")
	token := lead.MailToken(secret, 42)
	wrong := []string{"", "42", "reply", token + "a", token[:len(token)-1], token[1:], lead.MailToken([]byte("another site"), 42)}
	for i := range token {
		other := "a"
		if token[i] == 'a' {
			other = "b"
		}
		wrong = append(wrong, token[:i]+other+token[i+1:])
	}
	for _, w := range wrong {
		if id, ok := lead.ReadMailToken(secret, w); ok {
			t.Errorf("%q is taken for the token of %d", w, id)
		}
	}
}

func FuzzReadMailToken(f *testing.F) {
	secret := []byte("a secret of the site")
	f.Add(lead.MailToken(secret, 1))
	f.Add("aaaaaaaaaaaaaaaaaa")
	f.Fuzz(func(t *testing.T, token string) {
		if id, ok := lead.ReadMailToken(secret, token); ok && lead.MailToken(secret, id) != strings.ToLower(token) {
			t.Errorf("%q is read as %d, whose token is another one", token, id)
		}
	})
}

func TestAddressOfTheTeamIsAboutTheLeadAndNotTheProspects(t *testing.T) {
	t.Parallel()
	secret := []byte("a sample secret")
	team, prospect := lead.TeamAddress(secret, "reply@studio.example", 7), lead.ReplyAddress(secret, "reply@studio.example", 7)
	for _, address := range []string{team, strings.ToUpper(team)} {
		if id, ok := lead.ReadReplyAddress(secret, address); !ok || id != 7 || !lead.IsTeamAddress(address) {
			t.Errorf("%s is about lead %d (%t)", address, id, ok)
		}
	}
	for _, address := range []string{prospect, "team@studio.example", "a+team@studio.example", ""} {
		if lead.IsTeamAddress(address) {
			t.Errorf("%q counts as the address of the team", address)
		}
	}
}
