package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"tiebreak/internal/email"
	"tiebreak/internal/mailcheck"
)

// server is an SMTP server (RFC 5321).
type server struct {
	host, address     string // the address has the port
	options           []gomail.Option
	stepTime, endTime time.Duration // how long the server may take for a step, and for the last one
}

const (
	stepTime   = time.Minute
	endTime    = 10 * time.Minute // many servers check the message now; it is RFC 5321's limit
	hangUpTime = 5 * time.Second
)

// newServer reads smtp://[user:password@]host:port, which is encrypted by STARTTLS, or smtps://, encrypted at once. Only
// a server on this machine may do without.
func newServer(address string) (*server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the mail server's address cannot be read")
	}
	host, err := email.DomainForServer(u.Hostname())
	if err != nil {
		return nil, fmt.Errorf("TIEBREAK_SMTP_URL: %q is not the name of a server", u.Hostname())
	}
	options := []gomail.Option{gomail.WithTimeout(stepTime), gomail.WithoutNoop(), gomail.WithoutRset()}
	s := &server{host: host, options: options, stepTime: stepTime, endTime: endTime}
	port, ours := 587, email.IsLocalServer(host)
	switch {
	case u.Scheme == "smtps":
		port = 465
		s.options = append(s.options, gomail.WithSSL())
	case ours:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if ours {
		s.options = append(s.options, gomail.WithTLSConfig(&tls.Config{ServerName: s.host, InsecureSkipVerify: true}))
	}
	if given := u.Port(); given != "" {
		if port, err = strconv.Atoi(given); err != nil {
			return nil, fmt.Errorf("TIEBREAK_SMTP_URL: %q is not a port", given)
		}
	}
	s.options, s.address = append(s.options, gomail.WithPort(port)), net.JoinHostPort(host, strconv.Itoa(port))
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, signIn(ours), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

// signIn chooses the best way of signing in that the server offers. Without encryption a password is only sent to a server on
// this machine.
func signIn(ours bool) gomail.Option {
	if !ours {
		return gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
	}
	return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthNTLM,
		gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc)
}

// step is a part of the conversation with a limit of its own (RFC 5321, 4.5.3.2).
type step int

const (
	opening    step = iota // up to where the server takes mail: connection, greeting, EHLO, STARTTLS and AUTH
	sender                 // MAIL
	recipients             // RCPT
	data                   // DATA, and the message
	ending                 // the final dot: the server may have the message from here on, whatever it answers
)

// open connects to the server and signs in. A connection that comes after ctx ended is hung up.
func (s *server) open(ctx context.Context, heard *conversation) (*smtp.Client, error) {
	options := s.options
	if heard != nil {
		options = append(slices.Clip(options), gomail.WithDebugLog(), gomail.WithLogger(heard))
	}
	client, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return nil, err
	}
	opened := make(chan *smtp.Client, 1)
	err = within(ctx, func() error {
		line, err := client.DialToSMTPClientWithContext(ctx)
		opened <- line
		return err
	})
	if err != nil {
		go func() {
			if late := <-opened; late != nil {
				hangUp(late)
			}
		}()
		heard.end(err.Error())
		return nil, diagnose(ctx, opening, err)
	}
	return <-opened, nil
}

// TrySignIn connects to the mail server at the address and signs in, but sends nothing.
func TrySignIn(ctx context.Context, address string) (result mailcheck.Server) {
	s, err := newServer(address)
	if err == nil {
		result.Server = s.address
		var line *smtp.Client
		if line, err = s.open(ctx, nil); err == nil {
			hangUp(line)
			return result
		}
	}
	result.Problem, result.Code = problemOf(err)
	return result
}

// send is one conversation. Once the server has taken the message, how the conversation ends does not matter.
func (s *server) send(ctx context.Context, m message, heard *conversation) error {
	line, err := s.open(ctx, heard)
	if err != nil {
		return err
	}
	at, err := s.submit(ctx, line, m, heard)
	if err != nil {
		return diagnose(ctx, at, err)
	}
	return nil
}

// submit has the server take the message, and returns how far that went. Some servers accept no envelope sender but the sender:
// bounces then go there.
func (s *server) submit(ctx context.Context, line *smtp.Client, m message, heard *conversation) (at step, err error) {
	from, err := m.GetSender(false)
	if err != nil {
		return sender, err
	}
	envelope := from
	if m.bounces != "" {
		envelope = "<" + m.bounces + ">"
	}
	at, said, err := s.submitFrom(ctx, line, m, envelope)
	if envelope != from && refusesSender(at, err) && within(ctx, line.Reset) == nil {
		heard.refusesSender()
		at, said, err = s.submitFrom(ctx, line, m, from)
	}
	if err != nil {
		said = err.Error()
	}
	heard.end(said)
	go hangUp(line)
	return at, err
}

// submitFrom is submit with the envelope sender. It also returns what the server said at last.
func (s *server) submitFrom(ctx context.Context, line *smtp.Client, m message, from string) (at step, said string, err error) {
	to, err := m.GetRecipients()
	if err != nil {
		return recipients, "", err
	}
	var body io.WriteCloser
	for _, do := range []struct {
		at   step
		what func() error
	}{
		{sender, func() error { return line.Mail(from) }},
		{recipients, func() error { return line.Rcpt(to[0]) }},
		{data, func() (err error) { body, err = line.Data(); return err }},
		{data, func() error { _, err := m.WriteTo(body); return err }},
		{ending, func() error { return body.Close() }},
	} {
		limit := s.stepTime
		if do.at == ending {
			limit = s.endTime
		}
		// A connection that is gone fails the step.
		_ = line.UpdateDeadline(limit)
		if err := within(ctx, do.what); err != nil {
			return do.at, "", err
		}
	}
	if taken, ok := body.(*smtp.DataCloser); ok {
		said = "250 " + taken.ServerResponse()
	}
	return ending, said, nil
}

// hangUp ends the conversation.
func hangUp(line *smtp.Client) {
	_ = line.UpdateDeadline(hangUpTime)
	if line.Quit() != nil {
		_ = line.Close()
	}
}

// within waits for the work until ctx ends. Work that takes longer goes on in the background until its own limit.
func within(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
