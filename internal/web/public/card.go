package public

import (
	"bytes"
	"context"
	"net/http"

	"tiebreak/internal/card"
	"tiebreak/internal/web/page"
)

var cardMedium = page.NewMedium("image/png", page.FeedCaching, page.Uncompressed)

// ShowCard shows the picture that a link to the guide is shown with.
func (h *Handlers) ShowCard(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	return h.keepPage(r, "", c.text, func(context.Context) (*page.Encoded, error) {
		var png bytes.Buffer
		err := card.Draw(&png, c.edition, h.FrameOf(c.settings, "").Brand())
		return page.Encode(png.Bytes(), cardMedium), err
	})
}
