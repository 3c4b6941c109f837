package admin

import (
	"net/http"

	"tiebreak/internal/web/page"
	"tiebreak/templates/admin"
)

// ShowSite shows staff what visitors read of the studio.
func (h *Handlers) ShowSite(w http.ResponseWriter, r *http.Request) error {
	frame, err := h.StaffFrame(r, "Site")
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, admin.SitePage{Page: frame}.View())
}
