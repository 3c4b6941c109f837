package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"syscall"

	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/lead"
)

// diagnose names the problem. The server's words stay in the cause: they may hold addresses.
func diagnose(ctx context.Context, at step, err error) failure {
	f := failure{problem: lead.BrokenOff, cause: err}
	var refusal *textproto.Error
	var network net.Error
	var dial *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &refusal):
		f.problem, f.code = refused(at, refusal), refusal.Code
	case at == ending:
		f.problem = lead.Unconfirmed
	case errors.As(err, &dns):
		f.problem = lead.UnknownServer
	case errors.Is(err, syscall.ECONNREFUSED):
		f.problem = lead.ClosedPort
	case ctx.Err() != nil, errors.As(err, &network) && network.Timeout():
		f.problem = lead.Silent
	// The library has no error of its own for a server without STARTTLS.
	case errors.As(err, &certificate), errors.As(err, &record), strings.Contains(err.Error(), "STARTTLS"):
		f.problem = lead.Insecure
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered), strings.Contains(err.Error(), "does not support SMTP AUTH"):
		f.problem = lead.NoSignIn
	case errors.As(err, &dial) && dial.Op == "dial":
		f.problem = lead.Unreachable
	case at == opening && network == nil && !errors.Is(err, io.EOF): // such as no AUTH that we know
		f.problem = lead.RefusedConnection
	}
	return f
}

// enhanced finds the enhanced status code in what a server says (RFC 3463).
var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// refused tells from the step that the server refused, and from its codes (RFC 5321, 4.2; RFC 3463), what is wrong. A refusal
// before it heard of a message, or for want of a sign-in, is about our settings or the server itself, and no reason to give up
// the message.
func refused(at step, reply *textproto.Error) lead.Problem {
	code := enhanced.FindString(reply.Msg)
	switch {
	case reply.Code < 500:
		return lead.Refused
	case reply.Code == 534, reply.Code == 535:
		return lead.WrongSignIn
	case at == opening, wantsSignIn(reply, code):
		return lead.RefusedConnection
	case code == "5.4.5": // as the large providers use it: for a day
		return lead.SendingLimit
	case at == sender, code == "5.1.7", code == "5.1.8": // the last two: the sender's address
		return lead.RefusedSender
	case code == "5.2.2", code == "" && at == recipients && reply.Code == 552:
		return lead.FullMailbox
	case at != recipients:
		return lead.RefusedMail
	case strings.HasPrefix(code, "5.1."), code == "" && slices.Contains(noSuchMailbox, reply.Code):
		return lead.UnknownAddress
	}
	return lead.RefusedAddress
}

// aboutSender finds words about the sender: most servers refuse it only later.
var aboutSender = regexp.MustCompile(`(?i)\bsender\b|\bsend ?as`)

// refusesSender reports whether the server refused the envelope sender for good.
func refusesSender(at step, err error) bool {
	var refusal *textproto.Error
	return errors.As(err, &refusal) && refusal.Code >= 500 &&
		(refused(at, refusal) == lead.RefusedSender || at != sender && aboutSender.MatchString(refusal.Msg))
}

// aboutSignIn finds words about signing in.
var aboutSignIn = regexp.MustCompile(`(?i)\bauth(?:enticat\w*)?\b`)

// wantsSignIn reports whether the server says that we have not signed in, or not as it wants it (RFC 4954, 4 and 6; RFC 3207, 4).
// 503 says that commands came in a wrong order: some servers mean that AUTH is missing.
func wantsSignIn(reply *textproto.Error, code string) bool {
	switch reply.Code {
	case 530, 538:
		return true
	case 503:
		return code == "5.7.0" || code == "5.7.8" || aboutSignIn.MatchString(reply.Msg)
	}
	return false
}

// noSuchMailbox are the reply codes to RCPT that say so where the server gives no enhanced code.
var noSuchMailbox = []int{550, 551, 553}
