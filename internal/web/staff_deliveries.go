package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/desk"
)

// mostDeliveries bounds the list of what waits or failed.
const mostDeliveries = 200

func (s *Server) listDeliveries(w http.ResponseWriter, r *http.Request) error {
	page, err := s.deskFrame(r, "Deliveries")
	if err != nil {
		return err
	}
	open, err := s.db.OpenDeliveries(r.Context(), mostDeliveries)
	if err != nil {
		return err
	}
	now, err := s.db.Now(r.Context())
	if err != nil {
		return err
	}
	p := desk.DeliveriesPage{Page: page, Open: open, Now: now, MaySend: memberOf(r).Role.AtLeast(staff.Editor)}
	return render(w, r, http.StatusOK, p.View())
}

// deliverNow has a delivery tried at once.
func (s *Server) deliverNow(w http.ResponseWriter, r *http.Request) error {
	return s.actOnDelivery(w, r, s.db.DeliverNow, "mail-tried", "mail-sent")
}

// acknowledge dismisses a failed delivery.
func (s *Server) acknowledge(w http.ResponseWriter, r *http.Request) error {
	return s.actOnDelivery(w, r, s.db.Acknowledge, "mail-dismissed", "mail-sent")
}

// actOnDelivery does something to a delivery for the member. The page then says that it was done or, where it came too late,
// that nothing more needs to be done.
func (s *Server) actOnDelivery(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, id, member int64) error, said, late string) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	err = act(r.Context(), id, memberOf(r).ID)
	switch {
	case errors.Is(err, fault.Conflict):
		return done(w, r, deliveriesPath, late)
	case err != nil:
		return err
	}
	return done(w, r, deliveriesPath, said)
}

// deliverFailed has all deliveries that failed tried at once, one by one, so that none stops another.
func (s *Server) deliverFailed(w http.ResponseWriter, r *http.Request) error {
	open, err := s.db.OpenDeliveries(r.Context(), mostDeliveries)
	for _, d := range open {
		if d.State != lead.Failed {
			continue
		}
		if now := s.db.DeliverNow(r.Context(), d.ID, memberOf(r).ID); !errors.Is(now, fault.Conflict) {
			err = errors.Join(err, now)
		}
	}
	if err != nil {
		return err
	}
	return done(w, r, deliveriesPath, "mails-tried")
}
