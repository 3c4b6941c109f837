package lead

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Channel says how a lead reached us.
type Channel string

const (
	ByForm    Channel = "form" // of the site
	ByPhone   Channel = "phone"
	ByEmail   Channel = "email"
	AtMeeting Channel = "meeting"
)

// EntryChannels are those of leads that members enter.
var EntryChannels = []Channel{ByPhone, ByEmail, AtMeeting}

// Origin is how a lead arrived that a member enters. The zero stands for the site's form.
type Origin struct {
	Member     int64 // who enters it
	Channel    Channel
	ReceivedAt time.Time // when it really arrived
	Confirm    bool      // whether the prospect gets a confirmation
	Assign     bool      // whether the member looks after it
	Answered   bool      // whether the member has answered the prospect already
}

// EntryForm is a lead that a member enters, as it was sent.
type EntryForm struct {
	Form
	Channel  Channel
	Received string // in site time
	Confirm  bool
	Assign   bool
	Answered bool
}

// OldestEntry is how long before it is entered a lead may have arrived.
const OldestEntry = 365 * 24 * time.Hour

// Check returns when the lead arrived, and what the member has to correct, in the order of the form, or nil. now is the
// database's time and zone the site's.
func (f EntryForm) Check(now time.Time, zone *time.Location) (received time.Time, wrong fault.Invalid) {
	if !slices.Contains(EntryChannels, f.Channel) {
		wrong.Add("channel", "Choose how the request reached you.")
	}
	received, problem := pastTime(f.Received, now, zone)
	if problem != "" {
		wrong.Add("received", problem)
	}
	if text.IsBlank(f.Project) {
		wrong.Add("project", "Write down what they need.")
	}
	long := func(name, typed string, most int) {
		if n := utf8.RuneCountInString(typed); n > most {
			wrong.Add(name, fmt.Sprintf("This is %d characters long. Shorten it to %d.", n, most))
		}
	}
	long("project", f.Project, MaxProject)
	if text.IsBlank(f.Name) {
		wrong.Add("name", "Enter their name, or the company’s.")
	}
	long("name", f.Name, MaxLine)
	if message := f.wrongEmail(); message != "" {
		wrong.Add("email", message)
	}
	long("company", f.Company, MaxLine)
	long("timeline", f.Timeline, MaxLine)
	long("budget", f.Budget, MaxLine)
	return received, wrong
}

// ReadCallTime returns when a call or a meeting took place, zero for now, or what has to be corrected.
func ReadCallTime(typed string, now time.Time, zone *time.Location) (at time.Time, wrong fault.Invalid) {
	if text.IsBlank(typed) {
		return at, nil
	}
	at, problem := pastTime(typed, now, zone)
	if problem != "" {
		wrong.Add("at", problem)
	}
	return at, wrong
}

// pastTime returns the moment of a time that was typed in the zone, or what is wrong with it: it must be over, and not by more
// than a year.
func pastTime(typed string, now time.Time, zone *time.Location) (at time.Time, problem string) {
	at, problem = SiteTime(typed, zone)
	switch {
	case problem != "":
	case at.After(now):
		problem = "This time is still to come. It is now " + now.In(zone).Format("2006-01-02 15:04") + " in the site’s time zone."
	case now.Sub(at) > OldestEntry:
		problem = "This is more than a year ago. Enter a later time."
	}
	return at, problem
}

// wrongEmail returns what is wrong with the email address, which is needed for a confirmation only, or "".
func (f EntryForm) wrongEmail() string {
	switch address := email.Clean(f.Email); {
	case address != "":
		return email.PublicProblem(address)
	case f.Confirm:
		return "Enter their email address, or untick the confirmation."
	}
	return ""
}

// Entered returns the entry as it goes into the database. Nothing in it is suspect: a member wrote it.
func (f EntryForm) Entered(c Choices, secret []byte, received time.Time, member int64) Submission {
	contents := f.Contents()
	contents.Consent = ""
	return Submission{
		Contents: contents, Choices: c,
		Key: f.KeyDigest(secret), Keyless: f.Keyless(), Body: f.BodyDigest(secret), Address: f.AddressDigest(secret),
		Origin: Origin{
			Member: member, Channel: f.Channel, ReceivedAt: received, Confirm: f.Confirm, Assign: f.Assign, Answered: f.Answered,
		},
	}
}
