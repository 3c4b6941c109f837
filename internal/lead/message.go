package lead

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/email"
	"tiebreak/internal/text"
)

// MessageKind says who wrote a message to whom, and how.
type MessageKind string

const (
	ReplyMessage MessageKind = "reply"       // a member to the prospect, by email
	NoteMessage  MessageKind = "note"        // the prospect, on the receipt
	MailMessage  MessageKind = "mail"        // the prospect, by email
	MemberMail   MessageKind = "member-mail" // a member by email, until someone decides what becomes of it
	CallMessage  MessageKind = "call"        // a member writes down what was said on the phone or at a meeting
	TeamMessage  MessageKind = "team-note"   // a member to the team
)

// ProspectMessages are the kinds that the prospect may read: what they wrote, and what was sent to them.
var ProspectMessages = []MessageKind{ReplyMessage, NoteMessage, MailMessage}

// Message is one text of the conversation about a lead.
type Message struct {
	ID   int64
	Kind MessageKind
	At   time.Time // when it was sent from here, or reached us
	Key  []byte    `db:"-"` // digest of a form's key and text, by which a second press is known; nil for an email
	Text string    // Markdown in a reply, plain text otherwise; of an email without what it quotes

	// The member who wrote it; zero for what the prospect wrote. Anyone can write the address that tells of a MemberMail.
	MemberID  int64
	Member    string // their name
	Email     string // their address, which answers to a reply go to
	Signature string // "" for their name

	// Of an email.
	SenderName    string
	SenderAddress string
	Subject       string
	Quoted        string // the part of the text that quotes earlier emails
	Parts         []Part // what else it holds, which stays in the mailbox
	MessageID     string // RFC 5322; "" if it has none
}

// Part is a part of an email that stays in the mailbox, such as an attachment.
type Part struct {
	Name string `json:"name"` // "" if it has none
	Type string `json:"type"` // "application/pdf"
	Size int64  `json:"size"` // in bytes
}

// How an email that was not read is stored as a part of itself. The names are not shown: an email is known by them, so they must
// not change.
const (
	largeMail  = "The whole email, which is too large to be read here"
	unreadMail = "The whole email, which could not be read"
	mailType   = "message/rfc822"
)

// LargeMail lists an email of the size that is too large to be read.
func LargeMail(size int64) []Part { return []Part{{largeMail, mailType, size}} }

// UnreadMail lists an email of the size that could not be read.
func UnreadMail(size int64) []Part { return []Part{{unreadMail, mailType, size}} }

// TooLarge reports whether the message is an email that was too large to be read.
func (m Message) TooLarge() bool { return m.isPart(largeMail) }

// Unread reports whether the message is an email that could not be read. Only what its header said of it is known, if anything.
func (m Message) Unread() bool { return m.isPart(largeMail) || m.isPart(unreadMail) }

func (m Message) isPart(name string) bool {
	return m.Text == "" && len(m.Parts) == 1 && m.Parts[0].Name == name && m.Parts[0].Type == mailType
}

// FromProspect reports whether the prospect wrote the message.
func (m Message) FromProspect() bool { return m.Kind == NoteMessage || m.Kind == MailMessage }

// WrittenFrom reports whether the prospect with the address wrote the message: on the receipt, or by email from that address.
// Anyone who knows the lead's address for answers can write an email to it, and must not be shown to the prospect.
func (m Message) WrittenFrom(address string) bool {
	return m.Kind == NoteMessage || m.Kind == MailMessage && slices.ContainsFunc(email.Spellings(address), func(s string) bool {
		return s != "" && strings.EqualFold(s, m.SenderAddress)
	})
}

// MayBeReply reports whether the text of a member's email can be sent as a reply.
func (m Message) MayBeReply() bool { return m.Kind == MemberMail && CheckText("reply", m.Text) == nil }

// signOffLines is how many lines at the end of an email may be its writer's name and what follows it.
const signOffLines = 6

// postscript finds the beginning of a line that was added after the name.
var postscript = regexp.MustCompile(`(?i)^\s*(?:p[.\s-]{0,2})+s\b`)

// ReplyText returns the text of a member's email as a reply begins with it: without the name at its end, since the signature of
// the member who sends the reply is added. A postscript is kept, with the name above it.
func (m Message) ReplyText() string {
	lines := strings.Split(m.Text, "\n")
	name := cmp.Or(m.Member, m.SenderName)
	first, _, _ := strings.Cut(name, " ")
	end := len(lines)
	for i := len(lines) - 1; i >= max(1, len(lines)-signOffLines) && !postscript.MatchString(lines[i]); i-- {
		line := strings.TrimSpace(lines[i])
		if line == "--" || line != "" && (strings.EqualFold(line, name) || strings.EqualFold(line, first)) {
			end = i
		}
	}
	return strings.TrimSpace(strings.Join(lines[:end], "\n"))
}

// Letter returns a reply with its signature, as its email says it. The signature is the member's present one.
func (m Message) Letter() string { return m.Text + "\n\n" + cmp.Or(m.Signature, m.Member) }

// LastFromProspect reports whether the prospect wrote the last of the messages.
func LastFromProspect(messages []Message) bool {
	return len(messages) > 0 && messages[len(messages)-1].FromProspect()
}

// InboxLine is an email that no lead claims, as the inbox lists it.
type InboxLine struct {
	ID            int64
	At            time.Time
	SenderName    string
	SenderAddress string
	Subject       string
	Text          string // the first words
	Member        string // whose address it comes from; "" for none
	Why           InboxReason
}

// InboxReason is why an email is in the inbox.
type InboxReason string

// The reasons.
const (
	WithoutCode InboxReason = ""       // it arrived without the code of a lead
	OfErased    InboxReason = "erased" // its lead had been erased
	MovedHere   InboxReason = "moved"  // a member moved it there from a lead
)

// MailFate is what became of an email that was in the inbox.
type MailFate struct {
	Reference string    // of the lead that it is on; "" if it is on none
	Dismissed bool      // a member dismissed it
	By        string    // the member who decided so; "" if nobody did, or it is not known
	At        time.Time // zero likewise
}

// ProspectsSide returns the messages that the prospect of the lead may read: what they wrote and what was sent to them.
func (l Lead) ProspectsSide(messages []Message) []Message {
	return slices.DeleteFunc(slices.Clone(messages), func(m Message) bool {
		return m.Kind != ReplyMessage && !m.WrittenFrom(l.Email)
	})
}

// Quotable returns the words that a reply to the lead quotes, and when the prospect wrote them: the newest of the messages before
// the reply that is the prospect's and has text, or their request. The words are "" if there is nothing to quote: a request that
// a member wrote down is not in the prospect's words.
func (l Lead) Quotable(before []Message) (words string, at time.Time) {
	for _, m := range slices.Backward(before) {
		if m.WrittenFrom(l.Email) && !text.IsBlank(m.Text) {
			return m.Text, m.At
		}
	}
	if l.Channel == ByForm {
		return l.Project, l.ReceivedAt
	}
	return "", time.Time{}
}

// Unanswered returns the messages of the prospect that nobody has answered. The messages and the events of the lead are given
// oldest first.
func (l Lead) Unanswered(messages []Message, history []Event) (waiting []Message) {
	if !l.NeedsAnswer {
		return nil
	}
	var since time.Time
	for _, e := range history {
		if e.Kind == NeedsNone || e.Kind == Replied {
			since = e.At
		}
	}
	for _, m := range messages {
		switch {
		case m.Kind == CallMessage && m.At.After(since):
			since, waiting = m.At, nil
		case m.FromProspect() && m.At.After(since):
			waiting = append(waiting, m)
		}
	}
	return waiting
}
