package desk

import (
	"context"
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/desk"
)

// maxDeliveries bounds each list of the page.
const maxDeliveries = 200

func (h *Handlers) ListDeliveries(w http.ResponseWriter, r *http.Request) error {
	return h.deliveriesPage(w, r, mailcheck.Email{})
}

// TestSettings sends the member a test email, and shows how each step went.
func (h *Handlers) TestSettings(w http.ResponseWriter, r *http.Request) error {
	test, err := h.sendTest(r.Context(), page.Member(r).Email)
	if err != nil {
		return err
	}
	return h.deliveriesPage(w, r, test)
}

func (h *Handlers) deliveriesPage(w http.ResponseWriter, r *http.Request, test mailcheck.Email) error {
	// A test may have used the request's time up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), page.RequestTimeout)
	defer cancel()
	outgoing, err := h.DB.OutgoingMail(ctx, maxDeliveries)
	if err != nil {
		return err
	}
	frame, err := h.StaffFrameWith(r, "Outgoing email", outgoing.Queue)
	if err != nil {
		return err
	}
	p := desk.DeliveriesPage{
		Page: frame, OnHold: outgoing.OnHold, Open: outgoing.Open, Now: outgoing.Now, Test: test,
		MaySend: page.Member(r).Role.AtLeast(staff.Editor),
	}
	return page.Render(w, r, http.StatusOK, p.View())
}

// DeliverNow has a delivery tried at once.
func (h *Handlers) DeliverNow(w http.ResponseWriter, r *http.Request) error {
	return h.actOnDelivery(w, r, h.DB.DeliverNow, "mail-tried", "mail-sent")
}

// Acknowledge dismisses a failed delivery.
func (h *Handlers) Acknowledge(w http.ResponseWriter, r *http.Request) error {
	return h.actOnDelivery(w, r, h.DB.Acknowledge, "mail-dismissed", "mail-sent")
}

// Release has a delivery go out that is on hold.
func (h *Handlers) Release(w http.ResponseWriter, r *http.Request) error {
	return h.actOnDelivery(w, r, h.DB.ReleaseDelivery, "mail-released", "mail-decided")
}

// Cancel says that a delivery that is on hold does not go out.
func (h *Handlers) Cancel(w http.ResponseWriter, r *http.Request) error {
	return h.actOnDelivery(w, r, h.DB.CancelDelivery, "mail-cancelled", "mail-decided")
}

// ReleaseAll has all deliveries go out that are on hold.
func (h *Handlers) ReleaseAll(w http.ResponseWriter, r *http.Request) error {
	if err := h.DB.ReleaseDeliveries(r.Context(), page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, page.DeliveriesPath, "mails-released")
}

// CancelAll says that no delivery that is on hold goes out.
func (h *Handlers) CancelAll(w http.ResponseWriter, r *http.Request) error {
	if err := h.DB.CancelDeliveries(r.Context(), page.Member(r).ID); err != nil {
		return err
	}
	return page.Done(w, r, page.DeliveriesPath, "mails-cancelled")
}

// actOnDelivery does something to a delivery for the member. The page then says that it was done or, where it came too late,
// that nothing more needs to be done.
func (h *Handlers) actOnDelivery(
	w http.ResponseWriter, r *http.Request, act func(ctx context.Context, id, member int64) error, done, late string,
) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	err = act(r.Context(), id, page.Member(r).ID)
	if errors.Is(err, fault.Conflict) {
		done, err = late, nil
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, page.DeliveriesPath, done)
}

// DeliverFailed has all deliveries that failed tried at once, one by one, so that none stops another.
func (h *Handlers) DeliverFailed(w http.ResponseWriter, r *http.Request) error {
	open, err := h.DB.OpenDeliveries(r.Context(), maxDeliveries)
	for _, d := range open {
		if d.State != lead.Failed {
			continue
		}
		if now := h.DB.DeliverNow(r.Context(), d.ID, page.Member(r).ID); !errors.Is(now, fault.Conflict) {
			err = errors.Join(err, now)
		}
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, page.DeliveriesPath, "mails-tried")
}
