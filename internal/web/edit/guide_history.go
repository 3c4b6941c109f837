package edit

import (
	"net/http"
	"slices"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
)

// How many versions, acts and guides to lead to an outline shows.
const (
	maxRevisions = 20
	maxActs      = 3
	maxHeirs     = 200
)

// readHistory adds what happened to the guide and which guides its address may lead to.
func (h *Handlers) readHistory(r *http.Request, d postgres.Draft, p *edit.OutlinePage) (err error) {
	revisions, err := h.DB.Revisions(r.Context(), d.Slug, maxRevisions+1)
	if err != nil {
		return err
	}
	p.Versions = versions(revisions)
	if len(p.Versions) > maxRevisions {
		p.Versions, p.Older = p.Versions[:maxRevisions], true
	}
	if p.Stale {
		acts, err := h.DB.GuideActs(r.Context(), d.Slug, maxActs)
		if err != nil {
			return err
		}
		for _, a := range acts {
			p.Acts = append(p.Acts, edit.Act{Kind: a.Kind, Member: a.Member, At: a.At, Mine: a.Member == page.Member(r).Name})
		}
	}
	if !p.MayChange || d.Live == nil {
		return nil
	}
	published, err := h.DB.PublishedGuides(r.Context(), maxHeirs)
	if err != nil {
		return err
	}
	for _, g := range published {
		if g.Slug != d.Slug {
			p.Heirs = append(p.Heirs, edit.Choice{Value: g.Slug, Words: g.Title, Group: g.Field})
		}
	}
	return nil
}

// versions returns what pages say of revisions. Each is described by the sections in which it differs from the one before it, as
// far as that is among them.
func versions(revisions []postgres.Revision) []edit.Version {
	var all []edit.Version
	for i, r := range revisions {
		v := edit.Version{
			Number: r.Number, Member: r.Member, MadeAt: r.MadeAt,
			PublishedAt: r.PublishedAt, Live: r.Live, Scheduled: r.Scheduled,
		}
		for _, older := range revisions[i+1:] {
			if sameGuide(older.Guide, r.Guide) {
				v.SameAs = older.Number
				break
			}
		}
		if r.Number == 1 {
			v.Changed = []string{"the first version"}
		}
		if i+1 < len(revisions) {
			before := revisions[i+1].Guide
			for _, s := range section.All {
				if s.Digest(before) != s.Digest(r.Guide) {
					v.Changed = append(v.Changed, s.Title)
				}
			}
			if before.Slug != r.Guide.Slug {
				v.Changed = append(v.Changed, "Address")
			}
		}
		all = append(all, v)
	}
	return all
}

// sameGuide reports that two versions say the same.
func sameGuide(a, b guide.Guide) bool {
	differs := func(s section.Section) bool { return s.Digest(a) != s.Digest(b) }
	return a.Slug == b.Slug && !slices.ContainsFunc(section.All, differs)
}
