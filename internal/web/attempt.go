package web

import (
	"context"
	"net/http"
	"strconv"

	"tiebreak/internal/staff"
)

// door is what is tried at, by whom, and how often.
type door struct {
	account []byte // staff.AccountDigest
	client  []byte
	tooMany func(staff.Attempts) bool
}

// attempt has a try at the door counted unless it holds: before it is made, so that many at once are counted too. Too many
// are fault.TooMany. One that ended in an error found nothing out and counts for nobody.
func (s *Server) attempt(r *http.Request, d door, try func() (holds bool, err error)) (bool, error) {
	attempt, err := s.db.BeginAttempt(r.Context(), d.account, d.client, d.tooMany)
	if err != nil {
		return false, err
	}
	holds, err := try()
	if holds || err != nil {
		// What was opened stays open: at worst the attempt counts for its quarter of an hour.
		if err := s.db.EndAttempt(context.WithoutCancel(r.Context()), attempt); err != nil {
			s.log.Warn("an attempt is not taken back", "id", requestID(r), "error", err)
		}
	}
	return holds, err
}

// tooManyHeader says when the next attempt may be made.
func tooManyHeader(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(staff.AttemptSpan.Seconds())))
}
