package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	maillog "github.com/wneessen/go-mail/log"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/mailcheck"
	"tiebreak/templates/mail"
	"tiebreak/templates/ui"
)

// testTime bounds a test of the mail settings: somebody waits for it.
const testTime = 20 * time.Second

// SendTest sends a test email to the address at once, without the queue, and returns how each step went.
func (s *Service) SendTest(ctx context.Context, to string) (mailcheck.Email, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), testTime)
	defer cancel()
	result := mailcheck.Email{To: to}
	if s.SMTP == "" {
		result.Folder = s.Folder
	}
	settings, err := s.DB.Settings(ctx)
	if err != nil {
		return result, err
	}
	m, err := s.composeTest(ctx, settings.Site, to)
	if err != nil {
		return result, err
	}
	var wait sync.WaitGroup
	wait.Go(func() { s.askDNS(ctx, &result) })
	if s.TryMailbox != nil {
		wait.Go(func() { result.Mailbox = s.TryMailbox(ctx) })
	}
	var heard conversation
	if err := s.post.send(ctx, m, &heard); err != nil {
		result.Problem, result.Code = problemOf(err)
	}
	wait.Wait()
	result.Lines, result.Unbounced = heard.said(), heard.unbounced()
	return result, nil
}

func (s *Service) composeTest(ctx context.Context, site guide.Site, to string) (message, error) {
	m := message{Msg: gomail.NewMsg(gomail.WithNoDefaultUserAgent()), name: "test"}
	if s.Reply != "" {
		m.bounces = lead.ReplyAddress(s.secret, s.Reply, 0)
	}
	letter := mail.TestEmail(ui.Page{Site: site, Home: s.link("/")}, s.SMTP == "")
	if err := s.address(m, letter, to); err != nil {
		return m, err
	}
	m.SetGenHeader(automatic, "auto-generated")
	m.SetMessageID()
	m.SetDate()
	return m, writeLetter(ctx, m, letter)
}

// conversation records what a mail server and we say to each other. The library leaves out passwords.
type conversation struct {
	mu    sync.Mutex
	lines []mailcheck.SMTPLine
	over  bool // what is said from now on no longer matters
	other bool // the server refused the envelope sender
}

// end records the last line that matters. A nil conversation records nothing.
func (c *conversation) end(text string) {
	if c == nil {
		return
	}
	c.add(false, text)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
}

// add records one or more lines.
func (c *conversation) add(ours bool, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	for line := range strings.Lines(text) {
		c.lines = append(c.lines, mailcheck.SMTPLine{Ours: ours, Text: strings.TrimSpace(line)})
	}
}

// refusesSender records that the server refused the envelope sender that the message should have.
func (c *conversation) refusesSender() {
	if c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.other = true
	}
}

func (c *conversation) unbounced() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.other
}

// said returns the lines until now: a server that is slow may go on.
func (c *conversation) said() []mailcheck.SMTPLine {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lines)
}

// Debugf records a line that the library logs.
func (c *conversation) Debugf(l maillog.Log) {
	c.add(l.Direction == maillog.DirClientToServer, fmt.Sprintf(l.Format, l.Messages...))
}

// Infof is Debugf, as are Warnf and Errorf: the library logs at one level.
func (c *conversation) Infof(l maillog.Log)  { c.Debugf(l) }
func (c *conversation) Warnf(l maillog.Log)  { c.Debugf(l) }
func (c *conversation) Errorf(l maillog.Log) { c.Debugf(l) }
