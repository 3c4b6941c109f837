package lead

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"tiebreak/internal/fault"
)

// Longest texts that the form takes, in characters.
const (
	MaxLine    = 300
	MaxProject = 20_000
)

// Consent is the wording that a prospect agrees to; a lead keeps the one that it was sent with.
const Consent = "I agree that you store these details to answer me."

// Form is the intake form as it was sent: nothing in it is trusted, and nothing of it is thrown away when it is refused.
type Form struct {
	Name, Email, Company, Project, Timeline, Budget string

	Option  string
	Ticks   []string // ids of conditions
	Agreed  bool     // to Consent
	Guide   string   // slug
	Edition string   // digest
	Key     string   // "" when the page that was sent had none
	Stamp   string   // when the page was drawn, signed; "" likewise
	Trap    string   // of a field that people do not see
}

// Check returns what the prospect has to correct, in the order of the form, or nil.
func (f Form) Check() fault.Invalid {
	var wrong fault.Invalid
	refuse := func(name, format string, args ...any) {
		wrong = append(wrong, fault.Field{Name: name, Message: fmt.Sprintf(format, args...)})
	}
	long := func(name, text string, most int) {
		if n := utf8.RuneCountInString(text); n > most {
			refuse(name, "This is %d characters long. Shorten it to %d; you can send more after this form.", n, most)
		}
	}
	if strings.TrimSpace(f.Project) == "" {
		refuse("project", "Say in a sentence or two what you are building.")
	}
	long("project", f.Project, MaxProject)
	if strings.TrimSpace(f.Name) == "" {
		refuse("name", "Enter your name, as you like to be addressed.")
	}
	long("name", f.Name, MaxLine)
	if message := wrongAddress(f.Email); message != "" {
		refuse("email", "%s", message)
	}
	long("company", f.Company, MaxLine)
	long("timeline", f.Timeline, MaxLine)
	long("budget", f.Budget, MaxLine)
	if !f.Agreed {
		refuse("consent", "Tick the box so that we may keep your details to answer you. Nothing is stored yet.")
	}
	return wrong
}

// wrongAddress says what is wrong with an e-mail address, or "". It is as lenient as mail itself but for two slips
// that people make: no dot in the domain, and a name around the address.
func wrongAddress(email string) string {
	email = strings.TrimSpace(email)
	if email == "" {
		return "Enter your e-mail address, so that we can reply."
	}
	if utf8.RuneCountInString(email) > 254 {
		return "This is longer than an e-mail address can be. Check it for extra text."
	}
	local, domain, found := strings.Cut(email, "@")
	if !found || local == "" || domain == "" {
		return "An e-mail address has a name, an @ and a domain: name@example.org."
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email {
		return "This does not read as one e-mail address. Write it like name@example.org, with nothing around it."
	}
	if _, ending, dotted := strings.Cut(domain, "."); !dotted || ending == "" {
		return "The address ends before the dot. Add the rest, such as .org."
	}
	return ""
}

// Contents is what the form asks to keep.
func (f Form) Contents() Contents {
	return Contents{
		Name: strings.TrimSpace(f.Name), Email: strings.TrimSpace(f.Email), Company: strings.TrimSpace(f.Company),
		Project: f.Project, Timeline: strings.TrimSpace(f.Timeline), Budget: strings.TrimSpace(f.Budget), Consent: Consent,
	}
}
