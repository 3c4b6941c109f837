package auth

import (
	"context"
	"net/http"
	"strconv"

	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
)

// throttle is what is tried at, by whom, and how often.
type throttle struct {
	account []byte // staff.AccountDigest
	client  []byte
	tooMany func(staff.Attempts) bool
}

// countAttempt has a try at the door counted unless it holds: before it is made, so that many at once are counted too. Too many
// are fault.TooMany. One that ended in an error found nothing out and counts for nobody.
func (h *Handlers) countAttempt(r *http.Request, d throttle, try func() (holds bool, err error)) (bool, error) {
	attempt, err := h.DB.BeginAttempt(r.Context(), d.account, d.client, d.tooMany)
	if err != nil {
		return false, err
	}
	holds, err := try()
	if holds || err != nil {
		// What was opened stays open: at worst the attempt counts for its quarter of an hour.
		if err := h.DB.EndAttempt(context.WithoutCancel(r.Context()), attempt); err != nil {
			h.Log.Warn("an attempt is not taken back", "id", page.RequestID(r), "error", err)
		}
	}
	return holds, err
}

// tooManyHeader says when the next attempt may be made.
func tooManyHeader(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(staff.AttemptSpan.Seconds())))
}
