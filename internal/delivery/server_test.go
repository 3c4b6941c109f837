package delivery

import (
	"context"
	"net"
	"testing"
	"time"

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
		problem := lead.Problem("")
		if err := s.send(context.Background(), sample(t)); err != nil {
			problem, _ = problemOf(err)
		}
		if problem != c.problem || c.box.Encrypted() != c.sent || (len(c.box.Got()) == 1) != (c.problem == "") {
			t.Errorf("%s: problem %q, %d messages, %d of them encrypted", name, problem, len(c.box.Got()), c.box.Encrypted())
		}
	}
}

func TestServerHasTenMinutesToAcknowledgeAndAMinuteForTheRest(t *testing.T) {
	t.Parallel()
	if stepTime < 30*time.Second || endTime != 10*time.Minute || jobTime < endTime+7*stepTime {
		t.Errorf("limits: %v, %v and %v", stepTime, endTime, jobTime)
	}
	for name, c := range map[string]struct {
		behave            mailtest.Behaviour
		stepTime, endTime time.Duration
		problem           lead.Problem
	}{
		"slow after the dot":   {mailtest.Takes, 100 * time.Millisecond, time.Minute, ""},
		"silent after the dot": {mailtest.Takes, time.Minute, 100 * time.Millisecond, lead.Unconfirmed},
		"silent before":        {mailtest.Hangs, 100 * time.Millisecond, time.Minute, lead.Silent},
		"gone after the dot":   {mailtest.DropsAfter, time.Minute, time.Minute, lead.Unconfirmed},
		"closed":               {mailtest.RefusesUs, time.Minute, time.Minute, lead.RefusedConnection},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := mailtest.New(t)
			box.Set(c.behave)
			box.Taken = func(mailtest.Letter) { <-time.After(time.Second) }
			s, err := newServer("smtp://" + box.Address)
			if err != nil {
				t.Fatal(err)
			}
			s.stepTime, s.endTime = c.stepTime, c.endTime
			problem := lead.Problem("")
			if err := s.send(context.Background(), sample(t)); err != nil {
				problem, _ = problemOf(err)
			}
			if problem != c.problem {
				t.Errorf("problem %q, want %q", problem, c.problem)
			}
			box.Set(mailtest.Takes)
		})
	}
}

func sample(t *testing.T) message {
	t.Helper()
	m := message{gomail.NewMsg(), "sample"}
	if err := m.From("tiebreak@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := m.To("sample@example.org"); err != nil {
		t.Fatal(err)
	}
	m.SetBodyString(gomail.TypeTextPlain, "words")
	return m
}
