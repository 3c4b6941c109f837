package lead_test

import (
	"testing"
	"time"

	"tiebreak/internal/lead"
)

func TestStaffAreToldOfMailsThatStayAndNotOfGreylisting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		queue lead.Queue
		want  bool
	}{
		{lead.Queue{}, false},
		{lead.Queue{Waiting: 1, Oldest: time.Minute}, false},
		{lead.Queue{Waiting: 1, Failing: 1, Oldest: 10 * time.Minute}, false}, // a server that says "later" to all at first
		{lead.Queue{Waiting: 1, Failing: 1, Oldest: 16 * time.Minute}, true},
		{lead.Queue{Waiting: 1, Oldest: 3 * time.Minute, Stalled: 3 * time.Minute}, true}, // not tried, or nothing goes out
		{lead.Queue{Waiting: 1, Failing: 1, Oldest: time.Minute, Stalled: time.Minute}, false},
		{lead.Queue{Failed: 1}, true},
	} {
		if c.queue.Stuck() != c.want {
			t.Errorf("%+v: told is %v", c.queue, !c.want)
		}
	}
}
