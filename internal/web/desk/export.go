package desk

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
)

func (h *Handlers) ExportCSV(w http.ResponseWriter, r *http.Request) error {
	return h.export(w, r, "csv", "text/csv; charset=utf-8", false, lead.NewCSV)
}

func (h *Handlers) ExportJSON(w http.ResponseWriter, r *http.Request) error {
	return h.export(w, r, "json", "application/json", true,
		func(w io.Writer) (lead.Export, error) { return lead.NewJSON(w), nil })
}

// export sends the leads of the list's filter, whole with all that was written and done about them.
func (h *Handlers) export(w http.ResponseWriter, r *http.Request, extension, mime string, whole bool,
	begin func(io.Writer) (lead.Export, error),
) error {
	f, err := lead.ReadFilter(r.URL.Query(), page.Member(r).ID)
	if err != nil {
		return err
	}
	settings, err := h.SiteState(r.Context())
	if err != nil {
		return err
	}
	if err := h.DB.RecordList(r.Context(), page.Member(r).ID, staff.LeadsExported); err != nil {
		return err
	}
	zone := settings.Promise.Location()
	name := fmt.Sprintf("leads-%s.%s", time.Now().In(zone).Format(time.DateOnly), extension)
	return h.Stream(w, r, name, mime, func(ctx context.Context, out io.Writer, next func() error) error {
		export, err := begin(out)
		if err != nil {
			return err
		}
		err = h.DB.EachLine(ctx, f, zone, whole, func(l lead.Line) error {
			if err := next(); err != nil {
				return err
			}
			return export.Add(l)
		})
		if err != nil {
			return err
		}
		return export.Close()
	})
}
