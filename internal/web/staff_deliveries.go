package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
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
	p := templates.DeliveriesPage{Page: page, Now: now, MaySend: memberOf(r).Role.AtLeast(staff.Editor)}
	for _, d := range open {
		p.Open = append(p.Open, templates.OpenDelivery{Delivery: d.Delivery, Reference: d.Reference})
	}
	return render(w, r, http.StatusOK, p.View())
}

// deliverNow has a delivery tried at once. One that went out meanwhile needs nothing more.
func (s *Server) deliverNow(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	err = s.db.DeliverNow(r.Context(), id, memberOf(r).ID)
	switch {
	case errors.Is(err, fault.Conflict):
		return done(w, r, deliveriesPath, "mail-sent")
	case err != nil:
		return err
	}
	return done(w, r, deliveriesPath, "mail-tried")
}
