package lead

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"tiebreak/internal/text"
)

// Line is a lead as it leaves the program, for other programs. Its names are an interface.
type Line struct {
	Reference  string     `json:"reference"`
	ReceivedAt time.Time  `json:"received_at"`
	DueAt      time.Time  `json:"due_at"`
	AnsweredAt *time.Time `json:"answered_at"`
	AnswerDue  *time.Time `json:"answer_due_at"` // of a message that came after the first reply and waits for an answer
	Status     Status     `json:"status"`
	Suspect    bool       `json:"suspect"`
	Place      Place      `json:"place"`
	Month      string     `json:"month"` // whose place is held, otherwise that of the arrival, in the site's time zone
	Assignee   string     `json:"assignee"`
	FollowUpOn string     `json:"follow_up_on"` // a day in the site's time zone, "" for none
	Guide      string     `json:"guide"`
	Edition    string     `json:"edition"`
	Option     string     `json:"option"`
	Ticks      []Tick     `json:"ticks"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Company    string     `json:"company"`
	Project    string     `json:"project"`
	Timeline   string     `json:"timeline"`
	Budget     string     `json:"budget"`

	*Conversation // nil in a table
}

// Conversation is what else is known of a lead, as it leaves the program: with the form, all that was written about it. Its names
// are an interface.
type Conversation struct {
	ArrivedBy    Channel           `json:"arrived_by"`
	Consent      string            `json:"consent"` // the wording that the prospect agreed to
	FollowUpNote string            `json:"follow_up_note"`
	Messages     []ExportedMessage `json:"messages"` // oldest first
	Events       []ExportedEvent   `json:"events"`   // oldest first
}

// ExportedMessage is a Message as it leaves the program.
type ExportedMessage struct {
	At            time.Time   `json:"at"`
	Kind          MessageKind `json:"kind"`
	Member        string      `json:"member"` // "" for the prospect
	SenderName    string      `json:"sender_name"`
	SenderAddress string      `json:"sender_address"`
	Subject       string      `json:"subject"`
	Text          string      `json:"text"`
	Quoted        string      `json:"quoted"`
	Attachments   []Part      `json:"attachments"` // which stay in the mailbox
}

// ExportedEvent is an Event as it leaves the program.
type ExportedEvent struct {
	At       time.Time `json:"at"`
	Kind     EventKind `json:"kind"`
	Status   Status    `json:"status"`
	Member   string    `json:"member"`
	Assignee string    `json:"assignee"`
}

// ReplyDue reports whether the lead's due time means anything: see Lead.ReplyDue.
func (l Line) ReplyDue() bool { return Lead{Status: l.Status, Suspect: l.Suspect}.ReplyDue() }

// LineOf returns the lead's line; zone is the site's.
func LineOf(l Lead, zone *time.Location) Line {
	month := l.Month
	if l.Place != Held {
		month = l.ReceivedAt.In(zone)
	}
	followUp := ""
	if !l.FollowUpOn.IsZero() {
		followUp = l.FollowUpOn.Format(time.DateOnly)
	}
	return Line{
		Reference: l.Reference, ReceivedAt: l.ReceivedAt.UTC(), DueAt: l.DueAt.UTC(), AnsweredAt: inUTC(l.AnsweredAt),
		AnswerDue: inUTC(l.AnswerDueAt), Status: l.Status, Suspect: l.Suspect, Place: l.Place, Month: month.Format(monthLayout),
		Assignee: l.Assignee, FollowUpOn: followUp,
		Guide: l.Guide, Edition: l.Edition, Option: l.Option, Ticks: l.Ticks, Name: l.Name, Email: l.Email, Company: l.Company,
		Project: l.Project, Timeline: l.Timeline, Budget: l.Budget,
	}
}

// inUTC returns the time in UTC, nil for none.
func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

// written returns the time as a cell, empty for none.
func written(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

// Export writes leads as they come and keeps none: Add for each, then Close.
type Export interface {
	Add(l Line) error
	Close() error
}

// jsonExport is one array.
type jsonExport struct {
	out  io.Writer
	some bool
}

// NewJSON begins an export as one JSON array.
func NewJSON(w io.Writer) Export { return &jsonExport{out: w} }

func (e *jsonExport) Add(l Line) error {
	before := "[\n  "
	if e.some {
		before = ",\n  "
	}
	e.some = true
	document, err := json.MarshalIndent(l, "  ", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s%s", before, document)
	return err
}

func (e *jsonExport) Close() error {
	end := "\n]\n"
	if !e.some {
		end = "[]\n"
	}
	_, err := io.WriteString(e.out, end)
	return err
}

// csvExport is a table of the same names.
type csvExport struct{ *text.Table }

// NewCSV begins an export as CSV.
func NewCSV(w io.Writer) (Export, error) {
	t, err := text.NewTable(w, "reference", "received_at", "due_at", "answered_at", "status", "suspect", "place", "month",
		"assignee", "guide", "edition", "option", "ticks", "name", "email", "company", "project", "timeline", "budget",
		"answer_due_at", "follow_up_on")
	return csvExport{t}, err
}

func (e csvExport) Add(l Line) error {
	ticks := make([]string, len(l.Ticks))
	for i, t := range l.Ticks {
		ticks[i] = t.OptionName + ": " + t.Text
		if t.Must {
			ticks[i] += " (must have)"
		}
	}
	return e.Row(l.Reference, l.ReceivedAt.Format(time.RFC3339), l.DueAt.Format(time.RFC3339), written(l.AnsweredAt),
		string(l.Status), fmt.Sprint(l.Suspect), string(l.Place), l.Month, l.Assignee, l.Guide, l.Edition, l.Option,
		strings.Join(ticks, "\n"), l.Name, l.Email, l.Company, l.Project, l.Timeline, l.Budget, written(l.AnswerDue),
		l.FollowUpOn)
}

func (e csvExport) Close() error { return e.Flush() }
