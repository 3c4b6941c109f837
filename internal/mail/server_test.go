package mail

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strings"
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
		"elsewhere, no encryption": {"smtp://mail.example.org", mailtest.New(t), lead.Insecure, 0},
		"elsewhere, a certificate of nobody's": {
			"smtp://user:secret@mail.example.org", mailtest.NewEncrypted(t), lead.Insecure,
			0,
		},
		"on this machine, encrypted": {"smtp://localhost", mailtest.NewEncrypted(t), "", 1},
		"on this machine":            {"smtp://127.0.0.1", mailtest.New(t), "", 0},
	} {
		got := sendBy(t, c.address, c.box)
		if got != c.problem || c.box.Encrypted() != c.sent || (len(c.box.Got()) == 1) != (c.problem == "") {
			t.Errorf("%s: problem %q, %d messages, %d of them encrypted", name, got, len(c.box.Got()), c.box.Encrypted())
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
			if err := s.send(context.Background(), sample(t), nil); err != nil {
				problem, _ = problemOf(err)
			}
			if problem != c.problem {
				t.Errorf("problem %q, want %q", problem, c.problem)
			}
			box.Set(mailtest.Takes)
		})
	}
}

func TestServerOnThisMachineIsSignedInToWithoutEncryption(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user    string
		box     *mailtest.Mailbox
		problem lead.Problem
	}{
		"plain":            {"user:a%20sample%20password@", mailtest.NewWithSignIn(t, "PLAIN"), ""},
		"login":            {"user:a%20sample%20password@", mailtest.NewWithSignIn(t, "LOGIN"), ""},
		"both":             {"user:a%20sample%20password@", mailtest.NewWithSignIn(t, "XOAUTH2", "LOGIN", "PLAIN"), ""},
		"a wrong password": {"user:wrong@", mailtest.NewWithSignIn(t, "PLAIN"), lead.WrongSignIn},
		"an unknown way":   {"user:a%20sample%20password@", mailtest.NewWithSignIn(t, "GSSAPI"), lead.NoSignIn},
		"no way":           {"user:a%20sample%20password@", mailtest.New(t), lead.NoSignIn},
		"nobody signs in":  {"", mailtest.NewWithSignIn(t, "PLAIN"), ""},
	} {
		got, wantIn := sendBy(t, "smtp://"+c.user+"127.0.0.1", c.box), 0
		if c.user != "" && c.problem == "" {
			wantIn = 1
		}
		if got != c.problem || c.box.SignedIn() != wantIn || (len(c.box.Got()) == 1) != (c.problem == "") {
			t.Errorf("%s: problem %q, %d messages, signed in %d times", name, got, len(c.box.Got()), c.box.SignedIn())
		}
	}
	sent := sendBy(t, "smtp://user:a%20sample%20password@mail.example.org", mailtest.NewWithSignIn(t, "PLAIN"))
	if sent != lead.Insecure {
		t.Errorf("elsewhere, the password is sent without encryption, or the problem is %q", sent)
	}
}

// TestConnectionThatComesTooLateIsEnded has a server answer the greeting after the caller has given up.
func TestConnectionThatComesTooLateIsEnded(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s, err := newServer("smtp://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, giveUp := context.WithCancel(t.Context())
	opened := make(chan error, 1)
	go func() { _, err := s.open(ctx, nil); opened <- err }()
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	line := textproto.NewConn(conn)
	hear := func(answer, want string) {
		t.Helper()
		_ = line.PrintfLine("%s", answer)
		if said, err := line.ReadLine(); err != nil || !strings.HasPrefix(said, want) {
			t.Fatalf("after %s the server hears %q (%v), want %s", answer, said, err, want)
		}
	}
	hear("220 localhost", "EHLO")
	giveUp()
	if err := <-opened; err == nil {
		t.Error("the caller waits on")
	}
	hear("250 localhost", "QUIT")
	_ = line.PrintfLine("221 localhost")
	if _, err := line.ReadLine(); !errors.Is(err, io.EOF) {
		t.Errorf("the connection is open (%v)", err)
	}
}

// sendBy sends a message to the mail server at the address, which leads to the box whatever it names, and returns the problem.
func sendBy(t *testing.T, address string, box *mailtest.Mailbox) (problem lead.Problem) {
	t.Helper()
	s, err := newServer(address)
	if err != nil {
		t.Fatal(err)
	}
	s.options = append(s.options, gomail.WithDialContextFunc(func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, box.Address)
	}))
	if err := s.send(context.Background(), sample(t), nil); err != nil {
		problem, _ = problemOf(err)
	}
	return problem
}

func sample(t *testing.T) message {
	t.Helper()
	m := message{Msg: gomail.NewMsg(), name: "sample"}
	if err := m.From("tiebreak@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := m.To("sample@example.org"); err != nil {
		t.Fatal(err)
	}
	m.SetBodyString(gomail.TypeTextPlain, "words")
	return m
}

func TestRefusalIsReadFromItsStepAndCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at   step
		code int
		says string
		want lead.Problem
	}{
		{sender, 530, "5.7.0 Authentication required", lead.RefusedConnection},
		{recipients, 530, "5.7.1 Authentication required", lead.RefusedConnection},
		{data, 530, "Must issue a STARTTLS command first", lead.RefusedConnection},
		{sender, 534, "5.7.9 Application-specific password required", lead.WrongSignIn},
		{sender, 535, "5.7.8 Username and Password not accepted", lead.WrongSignIn},
		{recipients, 538, "5.7.11 Encryption required", lead.RefusedConnection},
		{sender, 503, "AUTH first", lead.RefusedConnection},
		{sender, 503, "5.5.1 Bad sequence of commands: authenticate first", lead.RefusedConnection},
		{recipients, 503, "5.5.4 Error: authentication required", lead.RefusedConnection},
		{sender, 503, "5.7.0 Not now", lead.RefusedConnection},
		{sender, 503, "5.5.1 Bad sequence of commands", lead.RefusedSender},
		{recipients, 503, "5.5.1 Need MAIL before RCPT", lead.RefusedAddress},
		{sender, 553, "5.7.1 Sender not allowed for this authenticated user", lead.RefusedSender},
		{recipients, 550, "5.7.1 Unauthenticated mail is not accepted", lead.RefusedAddress},

		{sender, 550, "5.4.5 Daily user sending limit exceeded", lead.SendingLimit},
		{recipients, 550, "5.4.5 Daily user sending limit exceeded", lead.SendingLimit},
		{data, 552, "5.4.5 Daily user sending limit exceeded", lead.SendingLimit},
		{sender, 451, "4.5.3 Too many messages", lead.Refused},
		{recipients, 552, "5.2.2 Mailbox full", lead.FullMailbox},
		{recipients, 550, "5.1.1 No such user", lead.UnknownAddress},
		{ending, 554, "5.7.1 Looks like spam", lead.RefusedMail},
	} {
		problem := refused(c.at, &textproto.Error{Code: c.code, Msg: c.says})
		if problem != c.want {
			t.Errorf("%d %s, at step %d: %s, want %s", c.code, c.says, c.at, problem, c.want)
		}
		settings := []lead.Problem{lead.RefusedConnection, lead.WrongSignIn, lead.SendingLimit}
		permanent := c.code >= 500 && !slices.Contains(settings, c.want)
		if problem.Permanent() != permanent {
			t.Errorf("%d %s: permanent is %v", c.code, c.says, !permanent)
		}
	}
}
