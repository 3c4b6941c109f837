package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
)

// server is an SMTP server (RFC 5321).
type server struct {
	host    string
	options []gomail.Option
}

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
	s := &server{host: host, options: []gomail.Option{gomail.WithTimeout(sendTime), gomail.WithoutNoop(), gomail.WithoutRset()}}
	port, ours := 587, loopback(host)
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
		// Its certificate is its own, and nobody stands between.
		s.options = append(s.options, gomail.WithTLSConfig(&tls.Config{ServerName: s.host, InsecureSkipVerify: true}))
	}
	if given := u.Port(); given != "" {
		if port, err = strconv.Atoi(given); err != nil {
			return nil, fmt.Errorf("TIEBREAK_SMTP_URL: %q is no port", given)
		}
	}
	s.options = append(s.options, gomail.WithPort(port))
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

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// send is one conversation. Once the server has taken the message, how the conversation ends does not matter.
func (s *server) send(ctx context.Context, m message) error {
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, m.Msg)
	if err == nil || m.IsDelivered() {
		return nil
	}
	return diagnose(ctx, err)
}

// diagnose names the problem. The server's words stay in the cause: they may hold addresses.
func diagnose(ctx context.Context, err error) failure {
	f := failure{problem: lead.BrokenOff, cause: err}
	var refusal *textproto.Error
	var sending *gomail.SendError
	var network net.Error
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &sending) && sending.ErrorCode() > 0:
		f.problem, f.code = refused(sending), sending.ErrorCode()
	case errors.As(err, &refusal):
		f.problem, f.code = lead.Refused, refusal.Code
		if permanent(f.code) { // before it heard of any message: at the greeting, STARTTLS or AUTH
			f.problem = lead.RefusedSender
		}
	case ctx.Err() != nil, errors.As(err, &network) && network.Timeout():
		f.problem = lead.Silent
	// The library has no error of its own for a server without STARTTLS.
	case errors.As(err, &certificate), errors.As(err, &record), strings.Contains(err.Error(), "STARTTLS"):
		f.problem = lead.Insecure
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered), strings.Contains(err.Error(), "does not support SMTP AUTH"):
		f.problem = lead.NoSignIn
	case errors.As(err, &dial) && dial.Op == "dial":
		f.problem = lead.Unreachable
	}
	return f
}

// permanent reports whether the reply code says that another attempt would be refused too (RFC 5321, 4.2.1).
func permanent(code int) bool { return code >= 500 }

// refused tells from the command that the server refused, and from its codes (RFC 5321, 4.2; RFC 3463), what is wrong.
func refused(e *gomail.SendError) lead.Problem {
	enhanced := e.EnhancedStatusCode()
	switch {
	case !permanent(e.ErrorCode()):
		return lead.Refused
	case e.Reason == gomail.ErrSMTPMailFrom, enhanced == "5.1.7", enhanced == "5.1.8": // the last two: the sender's address
		return lead.RefusedSender
	case e.Reason != gomail.ErrSMTPRcptTo:
		return lead.RefusedMail
	case strings.HasPrefix(enhanced, "5.1."), enhanced == "" && slices.Contains(noSuchMailbox, e.ErrorCode()):
		return lead.UnknownAddress
	}
	return lead.RefusedAddress
}

// noSuchMailbox are the reply codes to RCPT that say so where the server gives no enhanced code.
var noSuchMailbox = []int{550, 551, 553}
