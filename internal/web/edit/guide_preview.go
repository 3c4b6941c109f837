package edit

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/guide/section"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
	"tiebreak/templates/public"
	"tiebreak/templates/ui"
)

// Preview shows the draft as its page will be.
func (h *Handlers) Preview(w http.ResponseWriter, r *http.Request) error {
	d, err := h.DB.Draft(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	related, err := h.DB.RelatedGuides(r.Context(), d)
	if err != nil {
		return err
	}
	e, err := d.Edition()
	if err != nil {
		return err
	}
	p, err := h.public.GuideDraft(r, e, related)
	if err != nil {
		return err
	}
	if p.Draft, err = draftLine(r, d); err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, p.View())
}

// anchors are the ids at which the page of a guide shows each section.
var anchors = map[string]string{
	"head": "top", "verdict": "verdict", "conditions": "choose", "profiles": "choose", "intro": "summary", "criteria": "summary",
	"dimensions": "detail", "questions": "questions", "call": "ask",
}

// draftLine returns what stands above the preview: what the draft changes, and what keeps it from being published.
func draftLine(r *http.Request, d postgres.Draft) (*public.DraftLine, error) {
	_, findings, err := d.Check()
	if err != nil {
		return nil, err
	}
	state := publishing(d, findings)
	line := &public.DraftLine{
		Slug: d.Slug, Seen: state.Seen, New: d.Live == nil, MayPublish: mayEdit(r) && state.Ready(), Differs: state.Differs,
	}
	for _, s := range section.All {
		if d.Live != nil && s.Digest(d.Guide) != s.Digest(*d.Live) {
			line.Changed = append(line.Changed, ui.Link{Words: s.Title, Address: "#" + anchors[s.Name]})
		}
	}
	for _, problem := range state.Refused {
		line.Refused = append(line.Refused, ui.Link{Words: problem.Words(), Address: problem.Address})
	}
	return line, nil
}

// publishing returns whether the draft can be published, given what "guide check" says of it.
func publishing(d postgres.Draft, findings []yamlform.Finding) edit.Publishing {
	p := edit.Publishing{
		Seen: d.StateDigest(), Differs: d.Differs(), RedirectsTo: d.RedirectsTo, Replaced: d.Replaced,
		Conflicts: len(d.Conflicts()),
	}
	if s := d.Schedule; s != nil {
		p.Schedule = &edit.Schedule{
			Version: s.Revision, At: s.At, Member: s.Member, Problems: lines(s.Problem),
			Changed: len(d.Changes) > 0 || d.LatestNumber() != s.Revision,
		}
	}
	for _, f := range findings {
		if !f.Warning {
			p.Refused = append(p.Refused, problemOf(&d, f))
		}
	}
	return p
}
