// Package inbound reads emails as they really arrive: who wrote one, what it says, what else it holds, and whether a person
// wrote it at all. Reading never fails: what cannot be read is replaced or left out. Start with Read.
package inbound

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tiebreak/internal/digest"
	"tiebreak/internal/lead"
	"tiebreak/internal/text"
)

// MaxSize is the size in bytes up to which an email is read whole.
const MaxSize = 10 << 20

const (
	maxLine = 500     // characters of a subject, name or address
	maxText = 100_000 // characters of text that are kept; the mailbox has the rest
)

// Kind says what wrote an email.
type Kind string

// The kinds.
const (
	Personal  Kind = "personal"  // a person
	Automatic Kind = "automatic" // a program: an automatic reply, a newsletter
	Receipt   Kind = "receipt"   // a program: that an email was read (RFC 8098)
	Bounce    Kind = "bounce"    // a mail server that could not deliver an email
	Warning   Kind = "warning"   // a mail server that has not delivered an email yet
	Own       Kind = "own"       // this site
)

// Mail is an email that was read.
type Mail struct {
	Kind      Kind
	MessageID string // without its angle brackets; "" without one
	Name      string // of the sender
	Address   string
	Subject   string
	To        []string // all addresses that it was sent or delivered to
	Text      string   // what the sender wrote, as plain text
	Quoted    string   // what they quoted from earlier emails
	Parts     []lead.Part
	Failure   Failure // of a Bounce
	List      bool    // it came by a mailing list; a person may have written it
	MayAnswer bool    // an automatic answer to it cannot start a loop
}

// Failure is what a mail server says of an email that it could not deliver.
type Failure struct {
	MessageIDs []string // of that email, as far as they are told
	ReplyTo    []string // the addresses in its Reply-To
	Status     string   // its enhanced status code (RFC 3463), such as 5.1.1; "" without one
}

// SiteMark returns the value of the header SiteHeader in the site's own emails.
func SiteMark(secret []byte) string {
	return hex.EncodeToString(digest.Keyed(secret, "own email")[:16])
}

// Read reads an email. site is the value of the header SiteHeader in this site's own emails.
func Read(raw []byte, site string) Mail {
	h, body := splitHeader(raw)
	m := readHeader(h, site)
	if m.Kind == Bounce || m.Kind == Automatic {
		if failure, failed := readFailure(h, body); failed {
			m.Kind, m.Failure = Bounce, failure
			return m
		}
		if m.Kind == Bounce {
			m.Kind = Warning
		}
	}
	if m.Kind != Personal {
		return m
	}
	r := reader{}
	own := r.entity(h, body, 0)
	m.Text, m.Quoted = fold(cut(tidy(own), 2*maxText), forwards(m.Subject))
	for _, forwarded := range r.forwarded {
		m.Text = strings.TrimSpace(m.Text + "\n\n" + tidy(forwarded))
	}
	m.Text, m.Quoted, m.Parts = cut(m.Text, maxText), cut(m.Quoted, maxText), r.files()
	return m
}

// ReadHeader reads an email of which only the header is known, and its size.
func ReadHeader(raw []byte, size int64, site string) Mail {
	h, _ := splitHeader(raw)
	m := readHeader(h, site)
	if m.Kind == Bounce {
		m.Kind = Warning
	}
	m.Parts = lead.LargeMail(size)
	return m
}

func readHeader(h header, site string) Mail {
	m := Mail{
		MessageID: messageID(h.get("Message-ID")), Subject: line(decodeWords(h.get("Subject"))),
		To: h.recipients(), Kind: kindOf(h, site), List: fromList(h),
	}
	m.Name, m.Address = sender(h)
	m.MayAnswer = m.Kind == Personal && !m.List && h.get("X-Auto-Response-Suppress") == "" && !nullSender(h)
	return m
}

// line returns the text on one line, without control characters, and cut if it is absurdly long.
func line(s string) string { return cut(strings.Join(strings.Fields(text.OneLine(s)), " "), maxLine) }

// tidy returns a text without control characters, with one kind of line break and no more than two empty lines in a row.
func tidy(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	s = text.WithoutControls(strings.ToValidUTF8(s, "\uFFFD"), "\n\t")
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\u00a0")
	}
	s = manyBlankLines.ReplaceAllString(strings.Join(lines, "\n"), "\n\n\n")
	return strings.TrimRight(strings.TrimLeft(s, "\n"), "\n")
}

var manyBlankLines = regexp.MustCompile(`\n{4,}`)

// cut returns the first most characters of the text.
func cut(s string, most int) string {
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// messageID returns the first Message-ID in the value.
func messageID(value string) string {
	if ids := messageIDs(value); len(ids) > 0 {
		return ids[0]
	}
	return cut(strings.Trim(strings.TrimSpace(value), "<>"), maxLine)
}

// messageIDs returns the Message-IDs in the value, each once.
func messageIDs(value string) (ids []string) {
	for _, found := range idForm.FindAllStringSubmatch(value, -1) {
		if !slices.Contains(ids, found[1]) {
			ids = append(ids, cut(found[1], maxLine))
		}
	}
	return ids
}

var idForm = regexp.MustCompile(`<\s*([^<>\s]+)\s*>`)
