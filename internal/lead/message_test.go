package lead_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
)

func TestReplyTextLeavesOutOnlyTheNameAtTheEndOfAnEmail(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ text, want []string }{
		"name":        {[]string{"We can start in May.", "", "Ann Lee"}, []string{"We can start in May."}},
		"first name":  {[]string{"We can start in May.", "ann "}, []string{"We can start in May."}},
		"signature":   {[]string{"We can start.", "", "Ann", "--", "Ann Lee", "Studio"}, []string{"We can start."}},
		"details":     {[]string{"We can start.", "Ann", "Studio", "Lane 1", "Town", "Tel. 1"}, []string{"We can start."}},
		"no name":     {[]string{"We can start.", "Bob"}, []string{"We can start.", "Bob"}},
		"only a name": {[]string{"Ann"}, []string{"Ann"}},
		"name above the last lines": {
			[]string{"We can start.", "Who comes?", "Ann", "1", "2", "3", "4", "--", "Ann Lee"},
			[]string{"We can start.", "Who comes?", "Ann", "1", "2", "3", "4"},
		},
		"postscript after the name": {
			[]string{"We can start.", "Ann", "P.S. The budget is fine.", "--", "Ann Lee"},
			[]string{"We can start.", "Ann", "P.S. The budget is fine."},
		},
		"postscript in another spelling": {
			[]string{"We can start.", "Ann Lee", "", "PPS: Bring the plan."},
			[]string{"We can start.", "Ann Lee", "", "PPS: Bring the plan."},
		},
		"name of a company": {[]string{"We can start.", "Ann", "PS5 Studio"}, []string{"We can start."}},
	} {
		m := lead.Message{Kind: lead.MemberMail, Member: "Ann Lee", Text: strings.Join(c.text, "\n")}
		if got := m.ReplyText(); got != strings.Join(c.want, "\n") {
			t.Errorf("%s: the reply begins with %q", name, got)
		}
	}
}
