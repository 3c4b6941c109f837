package mailbox

import (
	"errors"
	"time"

	"tiebreak/internal/lead"
)

// RetryAfter has the watcher connect again after the time.
func (w *Watcher) RetryAfter(d time.Duration) { w.firstWait = d }

// NoConnection returns the problem that the error of a connection is.
func NoConnection(err error) lead.MailboxProblem { return noConnection(err).problem }

// NextWait is nextWait after a sign-in that was refused, or after another problem.
func (w *Watcher) NextWait(before time.Duration, refused bool) time.Duration {
	problem := lead.MailboxUnreachable
	if refused {
		problem = lead.MailboxRefused
	}
	return w.nextWait(before, failure{problem, errors.New("a sample")})
}
