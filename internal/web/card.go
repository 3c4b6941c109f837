package web

import (
	"bytes"
	"context"
	"net/http"

	"tiebreak/internal/card"
)

var cardMedium = mediumOf("image/png", feedCaching, asItIs)

// showCard is the picture that a link to the guide is shown with.
func (s *Server) showCard(r *http.Request) (*encoded, error) {
	c, err := s.guide(r.Context(), slugOf(r))
	if err != nil {
		return nil, err
	}
	return s.keep(r, "", c.text, func(context.Context) (*encoded, error) {
		var png bytes.Buffer
		err := card.Draw(&png, c.edition, s.frameOf(c.settings, "").Brand())
		return encode(png.Bytes(), cardMedium), err
	})
}
