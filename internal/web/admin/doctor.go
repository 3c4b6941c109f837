package admin

import (
	"net/http"
	"time"

	"tiebreak/internal/web/page"
	"tiebreak/templates/admin"
)

// doctorTimeout is how long an admin waits for the checks before the page says that they go on.
const doctorTimeout = 3 * time.Second

// ShowDoctor shows what the checks of the site last found. It makes none.
func (h *Handlers) ShowDoctor(w http.ResponseWriter, r *http.Request) error {
	frame, err := h.StaffFrame(r, "Health check")
	if err != nil {
		return err
	}
	p := admin.DoctorPage{Page: frame, UnderWay: h.Doctor.UnderWay()}
	if last := h.Doctor.Last(); last != nil {
		p.Findings, p.At = last.Findings, last.At
	}
	return page.Render(w, r, http.StatusOK, p.View())
}

// CheckNow begins all checks, and shows the page when they are done or when the admin has waited enough.
func (h *Handlers) CheckNow(w http.ResponseWriter, r *http.Request) error {
	select {
	case <-h.Doctor.Start(r.Context(), h.Arrival(r)):
	case <-time.After(doctorTimeout):
	}
	http.Redirect(w, r, "/staff/doctor", http.StatusSeeOther)
	return nil
}
