package page

import (
	"bytes"
	"context"
	"net/http"

	"github.com/a-h/templ"
)

func IsRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// Handler is a page's code: an error becomes its page in one place.
type Handler func(w http.ResponseWriter, r *http.Request) error

// HTTP returns the handler with its errors answered by their pages.
func (c *Core) HTTP(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			c.Fail(w, r, err)
		}
	}
}

// Render builds the whole page before it writes, so that a failed component is still a clean error.
func Render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	body, err := html(r.Context(), page)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// The reader may be gone; there is nobody left to tell.
	_, _ = w.Write(body)
	return nil
}

// html draws the page. Components refuse a context that is over, and an answer that says so must still be drawn.
func html(ctx context.Context, page templ.Component) ([]byte, error) {
	var body bytes.Buffer
	err := page.Render(context.WithoutCancel(ctx), &body)
	return body.Bytes(), err
}
