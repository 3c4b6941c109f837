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

func TestOnlyMailsThatDoNotGoOutAreAnOutage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		queue         lead.Queue
		stuck, outage bool
	}{
		"nothing":                      {lead.Queue{}, false, false},
		"one wrong address":            {lead.Queue{Failed: 1, Single: 1}, true, false},
		"a sender that is refused":     {lead.Queue{Failed: 2, Single: 1}, true, true},
		"a wrong address in an outage": {lead.Queue{Failed: 1, Single: 1, Waiting: 1, Stalled: 3 * time.Minute}, true, true},
	} {
		if c.queue.Stuck() != c.stuck || c.queue.Outage() != c.outage {
			t.Errorf("%s: stuck %t, an outage %t", name, c.queue.Stuck(), c.queue.Outage())
		}
	}
}
