package page

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// exportTimeout bounds a whole export: a million leads on a slow line.
	exportTimeout = 30 * time.Minute
	// exportBatch is how many lines go out before the reader's time is extended.
	exportBatch = 1000
	// stallTimeout is how long a reader may take for so many.
	stallTimeout = time.Minute
)

// Stream sends a file whose lines come from the database, each of them after a call of next. It may last longer than other
// requests, as long as its reader keeps reading; one that breaks off ends without an end, so that no half is taken for the
// whole.
func (c *Core) Stream(w http.ResponseWriter, r *http.Request, name, mime string,
	send func(ctx context.Context, out io.Writer, next func() error) error,
) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exportTimeout)
	defer cancel()
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, name))
	control := http.NewResponseController(w)
	out := bufio.NewWriterSize(w, 64<<10)
	sent := 0
	err := send(ctx, out, func() error {
		sent++
		if sent%exportBatch == 1 {
			return control.SetWriteDeadline(time.Now().Add(stallTimeout))
		}
		return nil
	})
	switch {
	case err != nil && sent == 0:
		w.Header().Del("Content-Disposition")
		return err
	case err != nil && out.Flush() != nil:
		c.Log.Info("export not read to its end", "id", RequestID(r), "sent", sent)
		panic(http.ErrAbortHandler)
	case err != nil:
		c.Log.Error("export broke off", "id", RequestID(r), "sent", sent, "error", err)
		panic(http.ErrAbortHandler)
	}
	// The reader may be gone; there is nobody left to tell.
	_ = out.Flush()
	return nil
}
