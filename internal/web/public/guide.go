package public

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
	"tiebreak/templates/intake"
	"tiebreak/templates/public"
	"tiebreak/templates/ui"
)

var (
	guideMedium  = page.NewMedium(page.HTMLType, page.PageCaching, page.BestCompression)
	pageMedium   = page.NewMedium(page.HTMLType, page.PageCaching, page.GoodCompression)
	tickedMedium = page.NewMedium(page.HTMLType, page.PageCaching, page.FastCompression)
)

// cachedGuide returns a guide as it stands, from memory if that is known to be good. While the database is away, what was shown
// last is shown on; a guide that nobody asked for is then fault.Unavailable.
func (h *Handlers) cachedGuide(ctx context.Context, slug string) (*CachedGuide, error) {
	version := h.Version.Load()
	if known := h.pages.guides.get(slug); known != nil && known.page.GoodFor(version, h.Settings.Load()) {
		return known, nil
	}
	// Of all who ask at once, one reads. It does so for the others too, so its own reader's leaving does not end it. Readers who
	// ask after a change do not share a reading that began before it.
	read, err, _ := h.reading.Do(fmt.Sprintf("%d %s", version, slug), func() (any, error) {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), page.RequestTimeout)
		defer cancel()
		return h.readGuide(limited, slug, h.pages.guides.get(slug))
	})
	if err != nil {
		return nil, err
	}
	return read.(*CachedGuide), nil
}

// readGuide returns what is known, if the database says that it still holds or is away, or the guide read anew. It is good for
// the settings that it was read with, not for later ones that were heard of meanwhile. It does not read with h.Readers: the
// request form needs the guide too, and must not wait while visitors use up those connections. Each guide is read once a version.
func (h *Handlers) readGuide(ctx context.Context, slug string, known *CachedGuide) (*CachedGuide, error) {
	settings, err := h.SiteState(ctx)
	if err != nil {
		return nil, err
	}
	fresh := &CachedGuide{slug: slug, settings: settings.Settings, page: &page.Basis{}, text: &page.Basis{}}
	fresh.guideState, err = h.DB.GuideState(ctx, slug)
	switch {
	case known != nil && errors.Is(err, fault.Unavailable):
		return known, nil
	case err != nil:
		return nil, err
	case known != nil && known.settings == fresh.settings && known.guideState.Same(fresh.guideState):
		known.hold(settings)
		return known, nil
	case known != nil && known.guideState.Digest == fresh.guideState.Digest && known.settings.Site == fresh.settings.Site:
		fresh.edition, fresh.text = known.edition, known.text
	default:
		fresh.edition, err = h.DB.CurrentEdition(ctx, slug)
	}
	if known != nil && errors.Is(err, fault.Unavailable) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	fresh.hold(settings)
	h.pages.guides.put(slug, fresh, editionMemory*fresh.edition.Size)
	return fresh, nil
}

// editionMemory is about how many bytes an edition takes for each of its document.
const editionMemory = 3

// Edition returns what the guide at slug shows.
func (h *Handlers) Edition(ctx context.Context, slug string) (*guide.Edition, error) {
	c, err := h.cachedGuide(ctx, slug)
	if err != nil {
		return nil, err
	}
	return c.edition, nil
}

// RedirectForm leads from the address that the checklist's form asks for, with a value of each of its fields, to the one that
// says the same in short. It leaves all other addresses to next.
func (h *Handlers) RedirectForm(next page.Handler) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		query := r.URL.Query()
		if !query.Has(guide.FormMark) {
			return next(w, r)
		}
		to := url.URL{Path: r.URL.Path, RawQuery: guide.TicksIn(query).Filled().Values().Encode()}
		w.Header().Set("Cache-Control", page.PageCaching)
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
		return nil
	}
}

// ShowGuide shows the page of a guide, with the reader's ticks.
func (h *Handlers) ShowGuide(r *http.Request, c *CachedGuide) (*page.Encoded, error) {
	ticks := guide.TicksIn(r.URL.Query())
	medium := guideMedium
	if !ticks.Empty() {
		medium = tickedMedium
	}
	_, query := knownTicks(c.edition, ticks)
	h.countView(r, c.slug)
	return h.keepPage(r, query, c.page, func(ctx context.Context) (*page.Encoded, error) {
		return page.EncodeHTML(ctx, h.guidePage(c, ticks).View(), medium)
	})
}

// knownTicks returns the ticks that the guide knows in the page's order, as browsers send them, and the query that a page with
// the ticks is kept under. The page says how many ticks are unknown: no address has a space, so none is mistaken for that query.
func knownTicks(e *guide.Edition, ticks guide.Ticks) (known guide.Ticks, query string) {
	known, unknown := e.Known(ticks)
	query = known.Values().Encode()
	if unknown > 0 || query == "" && !ticks.Empty() {
		query += fmt.Sprintf(" and %d unknown", unknown)
	}
	return known, query
}

// guidePage returns the page of a guide. Without ticks it is the same for everybody.
func (h *Handlers) guidePage(c *CachedGuide, ticks guide.Ticks) public.GuidePage {
	e := c.edition
	address := h.Link("/compare/" + e.Guide.Slug)
	frame := h.FrameOf(c.settings, e.Guide.Title+": which to choose, and why")
	frame.Description = description(e)
	frame.Canonical = address
	frame.NoIndex = !ticks.Empty()
	frame.Script = true
	frame.Card = &ui.Card{Address: address + "/card.png", Words: e.Guide.Title + ", the answer and the score line"}
	frame.Feeds = append(frame.Feeds, changesFeed(e.Guide.Title, address))
	words := frame.Site.FormWords()
	g := public.NewGuidePage(frame, e, ticks, intake.IntakeForm{
		Edition: e, Typed: lead.Form{Option: lead.Undecided, Consent: words.ConsentSentence}, Ticks: Ticks(e, ticks),
		Words: words, Consent: lead.SealConsent(h.Secret, words.ConsentSentence),
	})
	for _, r := range c.guideState.Related {
		g.Related = append(g.Related, ui.Link{Words: r.Title, Address: "/compare/" + r.Slug})
	}
	if len(g.Tally.Ticked) > 0 {
		g.PreviewResult(address)
	}
	return g
}

// GuideAsRead returns the page of an edition with ticks as a prospect read it.
func (h *Handlers) GuideAsRead(e *guide.Edition, read []lead.Tick) public.GuidePage {
	var ticks guide.Ticks
	for _, t := range read {
		ticks.Tick = append(ticks.Tick, t.ID)
		if t.Must {
			ticks.Must = append(ticks.Must, t.ID)
		}
		if c, _, _ := e.Condition(t.ID); c.Weight != t.Weight {
			ticks.Weight = append(ticks.Weight, fmt.Sprintf("%s:%d", t.ID, t.Weight))
		}
	}
	return h.guidePage(&CachedGuide{edition: e, settings: h.Settings.Load().Settings}, ticks)
}

// GuideDraft returns the page of an edition that is not published, as it would be if it were.
func (h *Handlers) GuideDraft(
	r *http.Request, e *guide.Edition, related []postgres.GuideName,
) (p public.GuidePage, err error) {
	settings, err := h.SiteState(r.Context())
	if err != nil {
		return p, err
	}
	c := &CachedGuide{edition: e, settings: settings.Settings, guideState: postgres.GuideState{Related: related}}
	p = h.guidePage(c, guide.TicksIn(r.URL.Query()))
	p.NoIndex, p.Form.Preview = true, true
	return p, nil
}

// description returns what a search engine may show under the title. Most cut it after about 160 letters, so the subtitle comes
// first, and stands alone if it is long.
func description(e *guide.Edition) string {
	const room = 190 // bytes
	subtitle := guide.PlainText(e.Guide.Subtitle)
	if all := fmt.Sprintf("%s %d criteria with sources, and a verdict.", subtitle, len(e.Guide.Summary)); len(all) <= room {
		return all
	}
	return text.Shorten(subtitle, room)
}

// Ticks words the ticked conditions as the edition does, in the page's order; ids that it does not have are left out.
func Ticks(e *guide.Edition, ticked guide.Ticks) []lead.Tick {
	t := e.Tally(ticked)
	var ticks []lead.Tick
	for _, s := range t.Scores {
		for _, c := range s.Reasons {
			ticks = append(ticks, lead.Tick{
				ID: c.ID, Option: s.Option.Slug, OptionName: s.Option.Name, Text: c.Text, Weight: c.Weight,
				Must: t.Must[c.ID],
			})
		}
	}
	return ticks
}
