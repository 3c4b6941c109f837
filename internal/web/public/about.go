package public

import (
	"context"
	"net/http"

	"tiebreak/internal/web/page"
	"tiebreak/templates/about"
)

func (h *Handlers) ShowAbout(r *http.Request) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		frame := h.FrameOf(now.Settings, "About")
		frame.Description = "Who runs this site, how we earn money, and what we promise."
		frame.Canonical = h.Link("/about")
		return page.EncodeHTML(ctx, about.AboutPage{Page: frame}.View(), pageMedium)
	})
}

func (h *Handlers) ShowMethod(r *http.Request) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		frame := h.FrameOf(now.Settings, "How we know")
		frame.Description = "How our guides are made: sources, dates, points, tests, and what we sell."
		frame.Canonical = h.Link("/how-we-know")
		return page.EncodeHTML(ctx, about.MethodPage{Page: frame}.View(), pageMedium)
	})
}

func (h *Handlers) ShowPrivacy(r *http.Request) (*page.Encoded, error) {
	return h.keepSitePage(r, "", func(ctx context.Context, now *page.SiteState) (*page.Encoded, error) {
		frame := h.FrameOf(now.Settings, "Privacy")
		frame.Description = "What this site stores about you, and why."
		frame.Canonical = h.Link("/privacy")
		return page.EncodeHTML(ctx, about.PrivacyPage{Page: frame}.View(), pageMedium)
	})
}
