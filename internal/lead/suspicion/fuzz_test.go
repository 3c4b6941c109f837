package suspicion_test

import (
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/lead/suspicion"
)

func FuzzSuspicionOfAnyWords(f *testing.F) {
	f.Add("A sample project", "Sample", "sample@example.org", "")
	f.Add("http://a.example <a href=x>", "www.a.example", "a@mailinator.com", "trap")
	f.Fuzz(func(t *testing.T, project, name, email, trap string) {
		c := lead.Contents{Project: project, Name: name, Email: email}
		causes, enough := suspicion.Judge(c, lead.Signals{Honeypot: trap}, suspicion.RecentActivity{})
		if enough && len(causes) == 0 {
			t.Error("suspected for nothing")
		}
		if again, _ := suspicion.Judge(c, lead.Signals{Honeypot: trap}, suspicion.RecentActivity{}); len(again) != len(causes) {
			t.Error("judged differently the second time")
		}
	})
}
