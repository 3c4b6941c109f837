package web

import (
	"bytes"
	"net/http"
	"sync"

	"tiebreak/internal/card"
)

// picture is a guide's social card, drawn when somebody first asks for it.
type picture struct {
	once sync.Once
	png  []byte
	err  error
}

// showCard is the picture that a link to the guide is shown with.
func (s *Server) showCard(w http.ResponseWriter, r *http.Request) error {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return err
	}
	c.card.once.Do(func() {
		var png bytes.Buffer
		c.card.err = card.Draw(&png, c.edition, s.frameOf(c.settings, "").Brand())
		c.card.png = png.Bytes()
	})
	if c.card.err != nil {
		return c.card.err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", feedCache)
	http.ServeContent(w, r, "", c.edition.MadeAt, bytes.NewReader(c.card.png))
	return nil
}
