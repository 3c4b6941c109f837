package lead

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tiebreak/internal/digest"
	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Longest texts that the form takes, in characters.
const (
	MaxLine    = 300
	MaxProject = 20_000
)

// Form is the intake form as it was sent: nothing in it is trusted, and nothing of it is thrown away when it is refused.
type Form struct {
	Name, Email, Company, Project, Timeline, Budget string

	Option   string
	Ticks    []string // ids of conditions
	Must     []string // ids of those that the project must have
	Weights  []string // the prospect's own, as "ID:N"
	Agreed   bool     // to Consent
	Consent  string   // the sentence that the form showed
	Guide    string   // slug
	Edition  string   // digest
	Key      string   // "" when the page that was sent did not have one
	Stamp    string   // when the page was drawn, signed; "" as with Key
	Honeypot string   // of a field that people do not see
}

// Check returns what the prospect has to correct, in the order of the form, or nil.
func (f Form) Check() fault.Invalid {
	var wrong fault.Invalid
	long := func(name, typed string, most int) {
		if n := utf8.RuneCountInString(typed); n > most {
			wrong.Add(name, fmt.Sprintf("This is %d characters long. Shorten it to %d. You can send more later.", n, most))
		}
	}
	if text.IsBlank(f.Project) {
		wrong.Add("project", "Tell us in two or three sentences what you are building.")
	}
	long("project", f.Project, MaxProject)
	if text.IsBlank(f.Name) {
		wrong.Add("name", "Enter your name.")
	}
	long("name", f.Name, MaxLine)
	if message := wrongAddress(f.Email); message != "" {
		wrong.Add("email", message)
	}
	long("company", f.Company, MaxLine)
	long("timeline", f.Timeline, MaxLine)
	long("budget", f.Budget, MaxLine)
	if !f.Agreed {
		wrong.Add("consent", "Tick the box to agree. Nothing is stored yet.")
	}
	return wrong
}

// wrongAddress returns what is wrong with an email address, or "".
func wrongAddress(typed string) string {
	address := email.Clean(typed)
	if address == "" {
		return "Enter your email address, so that we can reply."
	}
	return email.PublicProblem(address)
}

// Contents returns what the form asks to keep.
func (f Form) Contents() Contents {
	return Contents{
		Name: strings.TrimSpace(f.Name), Email: email.Clean(f.Email), Company: strings.TrimSpace(f.Company),
		Project: f.Project, Timeline: strings.TrimSpace(f.Timeline), Budget: strings.TrimSpace(f.Budget), Consent: f.Consent,
	}
}

// Submission is a checked form on its way in.
type Submission struct {
	Contents
	Choices
	Signals Signals
	Key     []byte // digest: one key, one lead
	Keyless bool   // the key was made of what was typed and holds for 24 hours
	Body    []byte // digest of everything typed
	Address []byte // digest of the email address: one automatic confirmation a day
	Text    []byte // digest of the project's words, nil if they are too short to tell
	Stamp   []byte // digest of the form's stamp, nil without one
	Client  []byte // digest of the network address with a key of the day
	Origin  Origin // zero unless a member enters it
}

// Submission returns the form as it goes into the database, with what it takes along from a guide and the client's digest.
func (f Form) Submission(c Choices, client, secret []byte, now time.Time) Submission {
	contents := f.Contents()
	return Submission{
		Contents: contents, Choices: c, Signals: f.Signals(secret, now),
		Key: f.KeyDigest(secret), Keyless: f.Keyless(), Body: f.BodyDigest(secret), Address: f.AddressDigest(secret),
		Text: textDigest(secret, contents.SameWords()), Stamp: f.StampDigest(), Client: client,
	}
}

// NoteForm is what a prospect adds to a request, as it was sent.
type NoteForm struct {
	Text string
	Key  string // "" when the page that was sent did not have one
}

// Check returns what the prospect has to correct, or nil.
func (f NoteForm) Check() fault.Invalid {
	return checkText("note", f.Text, "Type what you want to add.")
}

// Digest names the press of the button: equal digests on one lead are one note. Other words are another note, whatever
// their key.
func (f NoteForm) Digest() []byte { return digest.Of(f.Key + "\x00" + f.Text) }

// EmailForm is the email address that a prospect typed to correct theirs, as it was sent.
type EmailForm struct {
	Email string
	Key   string // "" when the page that was sent did not have one
}

// Check returns what the prospect has to correct, or nil.
func (f EmailForm) Check() fault.Invalid {
	var wrong fault.Invalid
	if message := wrongAddress(f.Email); message != "" {
		wrong.Add("email", message)
	}
	return wrong
}

// Address returns the address as it is stored.
func (f EmailForm) Address() string { return email.Clean(f.Email) }

// Press names the press of the button: equal digests are one press. It returns nil without a usable key: the address alone can
// be guessed by a stranger who has the old link.
func (f EmailForm) Press() []byte {
	if !isKey(f.Key) {
		return nil
	}
	return digest.Of(f.Key + "\x00" + f.Address())
}
