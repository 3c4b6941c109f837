package delivery

import (
	"context"
	"net"
	"testing"

	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
)

func TestServerElsewhereIsOnlySpokenToEncrypted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		address string
		box     *mailtest.Mailbox
		problem lead.Problem
		sent    int // over TLS
	}{
		"elsewhere, no encryption":             {"smtp://mail.example.org", mailtest.New(t), lead.Insecure, 0},
		"elsewhere, a certificate of nobody's": {"smtp://user:secret@mail.example.org", mailtest.NewEncrypted(t), lead.Insecure, 0},
		"on this machine, encrypted":           {"smtp://localhost", mailtest.NewEncrypted(t), "", 1},
		"on this machine":                      {"smtp://127.0.0.1", mailtest.New(t), "", 0},
	} {
		s, err := newServer(c.address)
		if err != nil {
			t.Fatal(err)
		}
		// Whatever the name, it leads to the server of the test.
		s.options = append(s.options, gomail.WithDialContextFunc(func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, c.box.Address)
		}))
		m := message{gomail.NewMsg(), "sample"}
		if err := m.From("tiebreak@example.org"); err != nil {
			t.Fatal(err)
		}
		if err := m.To("sample@example.org"); err != nil {
			t.Fatal(err)
		}
		m.SetBodyString(gomail.TypeTextPlain, "words")
		problem := lead.Problem("")
		if err := s.send(context.Background(), m); err != nil {
			problem, _ = problemOf(err)
		}
		if problem != c.problem || c.box.Encrypted() != c.sent || (len(c.box.Got()) == 1) != (c.problem == "") {
			t.Errorf("%s: problem %q, %d messages, %d of them encrypted", name, problem, len(c.box.Got()), c.box.Encrypted())
		}
	}
}
