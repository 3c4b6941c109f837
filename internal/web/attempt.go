package web

import (
	"context"
	"errors"
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
	attempt, err := s.db.BeginSignIn(r.Context(), d.account, d.client, d.tooMany)
	if err != nil {
		return false, err
	}
	holds, err := try()
	if holds || err != nil {
		err = errors.Join(err, s.db.EndSignIn(context.WithoutCancel(r.Context()), attempt))
	}
	return holds, err
}

// proofDoor is where the member proves that it is them.
func (s *Server) proofDoor(r *http.Request, m staff.Member, p staff.Proof) door {
	d := door{client: s.caller(r), tooMany: staff.Attempts.TooMany}
	switch {
	case p.Code != "":
		d.account, d.tooMany = staff.AccountDigest(s.secret, "code:"+m.Email), staff.Attempts.TooManyCodes
	case p.RecoveryCode != "":
		d.account = staff.AccountDigest(s.secret, "recovery:"+m.Email)
	default:
		d.account = staff.AccountDigest(s.secret, m.Email)
	}
	return d
}

// tooManyHeader says when the next attempt may be made.
func tooManyHeader(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(staff.AttemptSpan.Seconds())))
}
