package lead

import "time"

// Receipt is a lead as its prospect sees it.
type Receipt struct {
	Lead    Lead
	History []Event
	Notes   []Note
}

// Details is a lead as staff see it.
type Details struct {
	Receipt
	TeamNotes []TeamNote
	Replies   []Reply
	Drafts    []Draft
	Mails     []Delivery
	Earlier   []Earlier
}

// Earlier is another lead of the same sender.
type Earlier struct {
	Reference  string
	ReceivedAt time.Time
	Status     Status
	Suspect    bool
	GuideTitle string
}

// SavedView is a filter of the list of leads that a member keeps under a name.
type SavedView struct {
	ID    int64
	Name  string
	Query string // of the list's address
}

// Desk is how the work stands. Its counts end at MostCounted.
type Desk struct {
	Now      time.Time
	Tabs     map[Tab]int
	Overdue  int
	DueToday int // without those overdue
	Suspects int // that arrived within SuspectsNew
}
