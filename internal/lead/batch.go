package lead

import "time"

// UndoTime is how long a change to leads can be undone. Until then the places that it frees go to nobody else, and the
// prospects who gain a place are not told.
const UndoTime = 10 * time.Minute

// BatchKind says what a member does to one lead or to several at once.
type BatchKind string

const (
	MoveBatch    BatchKind = "moved"
	AssignBatch  BatchKind = "assigned"
	SuspectBatch BatchKind = "suspected"
)

// OtherAnswer says whether somebody who never got a reply from here was answered some other way.
type OtherAnswer string

const (
	Unsaid      OtherAnswer = ""
	Answered    OtherAnswer = "yes"
	NotAnswered OtherAnswer = "no"
)

// Change is what a member does to one lead or to several at once.
type Change struct {
	Kind     BatchKind
	To       Status      // of MoveBatch
	Answered OtherAnswer // of a move to lost
	Assignee int64       // of AssignBatch; 0 for nobody
}

// Batch is a change that was made to one lead or to several.
type Batch struct {
	ID     int64
	Kind   BatchKind
	To     Status    // of MoveBatch
	Leads  int       // how many it changed
	Until  time.Time // when it can no longer be undone
	Open   bool      // it can still be undone
	Undone bool
	Again  map[Status]int // how many are what they were again since it was undone, by their status
	Left   []string       // references of the leads that undoing left as they were
}

// LastStep is where a lead stands and what happened to it last, which led to its status.
type LastStep struct {
	Reference string
	Suspect   bool
	Event
}
