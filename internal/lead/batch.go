package lead

// BatchKind says what a member does to several leads at once.
type BatchKind string

const (
	MoveBatch    BatchKind = "moved"
	AssignBatch  BatchKind = "assigned"
	SuspectBatch BatchKind = "suspected"
)

// Change is what a member does to several leads at once.
type Change struct {
	Kind     BatchKind
	To       Status // of MoveBatch
	Assignee int64  // of AssignBatch; 0 for nobody
}

// Batch is a change that was made to several leads.
type Batch struct {
	ID     int64
	Kind   BatchKind
	Count  int // leads that it changed
	Undone bool
}
