package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"tiebreak/internal/lead"
)

const (
	// exportPatience bounds a whole export: a million leads on a slow line.
	exportPatience = 30 * time.Minute
	// exportEvery is how many leads go out before the reader's time is extended.
	exportEvery = 1000
	// stalled is how long a reader may take for so many.
	stalled = time.Minute
)

func (s *Server) exportCSV(w http.ResponseWriter, r *http.Request) error {
	return s.export(w, r, "csv", "text/csv; charset=utf-8", lead.NewCSV)
}

func (s *Server) exportJSON(w http.ResponseWriter, r *http.Request) error {
	return s.export(w, r, "json", "application/json", func(w io.Writer) (lead.Export, error) { return lead.NewJSON(w), nil })
}

// export sends the leads of the list's filter as they come from the database. It may last longer than other requests, as
// long as its reader keeps reading; one that breaks off ends without an end, so that no half is taken for the whole.
func (s *Server) export(w http.ResponseWriter, r *http.Request, extension, mime string, begin func(io.Writer) (lead.Export, error)) error {
	f, err := lead.ReadFilter(r.URL.Query(), memberOf(r).ID)
	if err != nil {
		return err
	}
	settings, err := s.current(r.Context())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exportPatience)
	defer cancel()
	zone := settings.Promise.Location()
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="leads-%s.%s"`, time.Now().In(zone).Format(time.DateOnly), extension))
	control := http.NewResponseController(w)
	out := bufio.NewWriterSize(w, 64<<10)
	export, err := begin(out)
	if err != nil {
		return err
	}
	sent := 0
	err = s.db.EachLead(ctx, f, zone, func(l lead.Lead) error {
		if sent%exportEvery == 0 {
			if err := control.SetWriteDeadline(time.Now().Add(stalled)); err != nil {
				return err
			}
		}
		sent++
		return export.Add(lead.LineOf(l, zone))
	})
	switch {
	case err != nil && sent == 0:
		w.Header().Del("Content-Disposition")
		return err
	case err != nil:
		s.log.Error("export broke off", "id", requestID(r), "sent", sent, "error", err)
		panic(http.ErrAbortHandler)
	}
	if err := export.Close(); err != nil {
		return nil // the reader is gone
	}
	_ = out.Flush()
	return nil
}
