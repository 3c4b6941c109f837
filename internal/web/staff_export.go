package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

const (
	// exportPatience bounds a whole export: a million leads on a slow line.
	exportPatience = 30 * time.Minute
	// exportEvery is how many lines go out before the reader's time is extended.
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

// export sends the leads of the list's filter.
func (s *Server) export(w http.ResponseWriter, r *http.Request, extension, mime string, begin func(io.Writer) (lead.Export, error)) error {
	f, err := lead.ReadFilter(r.URL.Query(), memberOf(r).ID)
	if err != nil {
		return err
	}
	settings, err := s.current(r.Context())
	if err != nil {
		return err
	}
	if err := s.db.RecordList(r.Context(), memberOf(r).ID, staff.LeadsExported); err != nil {
		return err
	}
	zone := settings.Promise.Location()
	name := fmt.Sprintf("leads-%s.%s", time.Now().In(zone).Format(time.DateOnly), extension)
	return s.stream(w, r, name, mime, func(ctx context.Context, out io.Writer, next func() error) error {
		export, err := begin(out)
		if err != nil {
			return err
		}
		err = s.db.EachLead(ctx, f, zone, func(l lead.Lead) error {
			if err := next(); err != nil {
				return err
			}
			return export.Add(lead.LineOf(l, zone))
		})
		if err != nil {
			return err
		}
		return export.Close()
	})
}

// stream sends a file whose lines come from the database, each of them after a call of next. It may last longer than other
// requests, as long as its reader keeps reading; one that breaks off ends without an end, so that no half is taken for the
// whole.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, name, mime string, send func(ctx context.Context, out io.Writer, next func() error) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exportPatience)
	defer cancel()
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, name))
	control := http.NewResponseController(w)
	out := bufio.NewWriterSize(w, 64<<10)
	sent := 0
	err := send(ctx, out, func() error {
		sent++
		if sent%exportEvery == 1 {
			return control.SetWriteDeadline(time.Now().Add(stalled))
		}
		return nil
	})
	switch {
	case err != nil && sent == 0:
		w.Header().Del("Content-Disposition")
		return err
	case err != nil && out.Flush() != nil:
		s.log.Info("export not read to its end", "id", requestID(r), "sent", sent)
		panic(http.ErrAbortHandler)
	case err != nil:
		s.log.Error("export broke off", "id", requestID(r), "sent", sent, "error", err)
		panic(http.ErrAbortHandler)
	}
	// The reader may be gone; there is nobody left to tell.
	_ = out.Flush()
	return nil
}
