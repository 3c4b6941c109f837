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
	"tiebreak/templates"
)

// mostDeliveries bounds the list of what waits or failed.
const mostDeliveries = 200

const deliveriesPath = "/staff/deliveries"

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
	p := templates.DeliveriesPage{Page: page, Open: open, Now: now, MaySend: memberOf(r).Role.AtLeast(staff.Editor)}
	return render(w, r, http.StatusOK, p.View())
}

// deliverNow has a delivery tried at once.
func (s *Server) deliverNow(w http.ResponseWriter, r *http.Request) error {
	return s.actOnDelivery(w, r, s.db.DeliverNow)
}

// acknowledge dismisses a failed delivery.
func (s *Server) acknowledge(w http.ResponseWriter, r *http.Request) error {
	return s.actOnDelivery(w, r, s.db.Acknowledge)
}

// actOnDelivery does something to a delivery for the member. Where that came too late, nothing more needs to be done.
func (s *Server) actOnDelivery(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, id, member int64) error) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	if err := act(r.Context(), id, memberOf(r).ID); err != nil && !errors.Is(err, fault.Conflict) {
		return err
	}
	http.Redirect(w, r, deliveriesPath, http.StatusSeeOther)
	return nil
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
	http.Redirect(w, r, deliveriesPath, http.StatusSeeOther)
	return nil
}
