package auth

import (
	"context"
	"encoding/hex"
	"net/http"
	"strconv"

	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
)

// clientID returns a digest of the client's network address. All clients that a trusted proxy does not name share one.
func (h *Handlers) clientID(r *http.Request) string { return hex.EncodeToString(h.Client(r)) }

// sessionThrottle limits the passwords that a signed-in member gives once more. It counts for the session, whatever its token
// is by now: somebody may have found the browser open.
func sessionThrottle(r *http.Request) staff.Throttle {
	return staff.NewThrottle("session", page.Principal(r).Session)
}

// reauthThrottle limits attempts of the member with the method, apart from other methods, so that failures with one leave the
// others open. A code is short, and only somebody with the password is asked for it, so codes count from everywhere.
func (h *Handlers) reauthThrottle(r *http.Request, member int64, method string) staff.Throttle {
	switch method {
	case page.CodeField:
		return staff.NewThrottle(method, member)
	case page.PasswordField:
		return sessionThrottle(r)
	}
	return staff.NewThrottle(method, member, h.clientID(r))
}

// countAttempt counts the attempt as failed before it is made, so that many at once are counted too, and takes it back if it
// holds or ends in an error, which tells nobody anything. It returns fault.TooMany if the throttle refuses the attempt.
func (h *Handlers) countAttempt(r *http.Request, t staff.Throttle, try func() (holds bool, err error)) (bool, error) {
	attempt, err := h.DB.BeginAttempt(r.Context(), t)
	if err != nil {
		return false, err
	}
	holds, err := try()
	if holds || err != nil {
		if err := h.DB.EndAttempt(context.WithoutCancel(r.Context()), attempt); err != nil { // it counts until the window is over
			h.Log.Warn("an attempt is not taken back", "id", page.RequestID(r), "error", err)
		}
	}
	return holds, err
}

// tooManyHeader says when the next attempt may be made.
func tooManyHeader(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(staff.ThrottleWindow.Seconds())))
}
