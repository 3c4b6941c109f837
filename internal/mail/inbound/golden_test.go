package inbound_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/mail/inbound"
)

// TestMailOfEveryProgramReadsAsItsSenderMeantIt compares what is read of each email in testdata with the file beside it. With
// TIEBREAK_WRITE_WANT set it writes those files.
func TestMailOfEveryProgramReadsAsItsSenderMeantIt(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got := shown(inbound.Read(raw, "sample-site"))
		file := strings.TrimSuffix(name, ".eml") + ".want"
		if os.Getenv("TIEBREAK_WRITE_WANT") != "" {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || string(want) != got {
			t.Errorf("%s reads as\n%s\nwant (%v)\n%s", name, got, err, want)
		}
		crlf := strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n", "\r\n")
		if again := shown(inbound.Read([]byte(crlf), "sample-site")); again != got && !strings.Contains(got, "parts:") {
			t.Errorf("%s with CRLF reads as\n%s\nnot\n%s", name, again, got)
		}
	}
}

func shown(m inbound.Mail) string {
	var out strings.Builder
	fmt.Fprintf(&out, "kind: %s\nid: %s\nfrom: %s <%s>\nsubject: %s\nto: %s\n", m.Kind, m.MessageID, m.Name, m.Address, m.Subject,
		strings.Join(m.To, " "))
	if m.List {
		out.WriteString("by a list\n")
	}
	if m.Kind == inbound.Bounce {
		fmt.Fprintf(&out, "failed: %v %v %q\n", m.Failure.MessageIDs, m.Failure.ReplyTo, m.Failure.Status)
	}
	fmt.Fprintf(&out, "text:\n%s\n", m.Text)
	if m.Quoted != "" {
		fmt.Fprintf(&out, "quoted:\n%s\n", m.Quoted)
	}
	if len(m.Parts) > 0 {
		out.WriteString("parts:\n")
	}
	for _, p := range m.Parts {
		fmt.Fprintf(&out, "%s (%s, %d)\n", p.Name, p.Type, p.Size)
	}
	return out.String()
}
