package edit

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
	"tiebreak/templates/form"
)

// draftFrame returns what the pages of a draft have in common.
func (h *Handlers) draftFrame(r *http.Request, d postgres.Draft, s section.Section) (edit.Frame, error) {
	title := d.Guide.Title
	if title == "" {
		title = d.Slug
	}
	frame, err := h.StaffFrame(r, title)
	frame.Script = true
	f := edit.Frame{
		Page: frame, Slug: d.Slug, Guide: title, Section: s, MayChange: page.Member(r).Role.AtLeast(staff.Editor),
	}
	if d.Changes[s.Name].Conflict {
		f.Conflict = &edit.Conflict{Seen: d.Choice(s), Differ: sectionDifferences(d, s)}
	}
	return f, err
}

// sectionDifferences returns what the draft and the latest revision say differently in a section.
func sectionDifferences(d postgres.Draft, s section.Section) []form.Difference {
	var differ []form.Difference
	for _, item := range compareSection(d, s, d.Latest, d.Guide) {
		for _, one := range item.Fields {
			if item.Heading != "" {
				one.Label = text.Shorten(item.Heading, 60) + ": " + one.Label
			}
			differ = append(differ, one)
		}
	}
	return differ
}

// ShowOutline shows what the draft of a guide consists of and what is wrong with it.
func (h *Handlers) ShowOutline(w http.ResponseWriter, r *http.Request) error {
	return h.outlinePage(w, r, http.StatusOK, edit.OutlinePage{})
}

func (h *Handlers) outlinePage(w http.ResponseWriter, r *http.Request, status int, p edit.OutlinePage) error {
	d, err := h.DB.Draft(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	if p.Frame, err = h.draftFrame(r, d, section.Section{}); err != nil {
		return err
	}
	_, findings, err := d.Check()
	if err != nil {
		return err
	}
	p.Publishing = publishing(d, findings)
	p.Live, p.Unpublished, p.Deletable = d.Live != nil, d.Unpublished, d.Deletable()
	p.UnderReview, p.Facts = d.IsUnderReview(), summaryFacts(d, p.Today)
	for _, s := range section.All {
		state := edit.SectionState{Section: s, Differs: d.Live != nil && s.Digest(d.Guide) != s.Digest(*d.Live)}
		if c, changed := d.Changes[s.Name]; changed {
			state.Changed, state.Conflict = &edit.Change{Member: c.Member, At: c.At}, c.Conflict
		}
		for _, l := range s.Lists(&d.Guide) {
			state.Count += l.Len()
		}
		p.Sections = append(p.Sections, state)
	}
	for _, f := range findings {
		s, known := section.At(f.Path)
		if !known {
			p.Other = append(p.Other, problemOf(&d, f))
			continue
		}
		i := slices.IndexFunc(p.Sections, func(state edit.SectionState) bool { return state.Name == s.Name })
		p.Sections[i].Problems = append(p.Sections[i].Problems, problemOf(&d, f))
	}
	for _, slug := range d.Guide.Options {
		p.Options = append(p.Options, optionName(d, slug))
	}
	if d.Live != nil {
		p.Profiles = outcomes(d, *d.Live, d.Guide)
	}
	if err := h.readHistory(r, d, &p); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

// problemOf returns what "guide check" found, with the field where it is corrected.
func problemOf(d *postgres.Draft, f yamlform.Finding) edit.Problem {
	s, known := section.At(f.Path)
	if !known {
		return edit.Problem{Text: f.Text(), Warning: f.Warning}
	}
	problem := edit.Problem{
		Text: yamlform.Sentence(f.Message), Address: "/staff/guides/" + d.Slug + "/" + s.Name, Warning: f.Warning,
	}
	at := func(p part) bool {
		field, here := p.fieldOf(f.Path)
		if here {
			problem.Label, problem.Address = labelOf(draftFields(s, *d), field), problem.Address+"#"+field
		}
		return here
	}
	if s.Item == "" {
		if strings.HasPrefix(f.Path, "options") {
			problem.Label, problem.Address = "Options", "/staff/guides/"+d.Slug+"/options#option"
		} else if p, err := partIn(d, s, "", ""); err == nil {
			at(p)
		}
		return problem
	}
	section := problem.Address
	for _, l := range s.Lists(&d.Guide) {
		for i := range l.Len() {
			problem.Address = section + "/" + url.PathEscape(l.ID(i))
			if at(part{section: s, path: l.Path(i)}) {
				problem.Item = text.Shorten(l.Label(i), 60)
				return problem
			}
		}
		if l.Option != "" && strings.HasSuffix(f.Path, "."+l.Option) {
			problem.Item = "Choose " + optionName(*d, l.Option) + " when"
		}
	}
	problem.Address = section
	return problem
}

// outcomes returns the example projects for which the checklist of one version says something else than that of another.
func outcomes(d postgres.Draft, older, newer guide.Guide) []edit.ProfileChange {
	var changed []edit.ProfileChange
	before, after := checklist(older), checklist(newer)
	for i, p := range newer.Profiles {
		ticks := guide.Ticks{Tick: p.Tick, Must: p.Must}
		was, is := before.Tally(ticks).Leader, after.Tally(ticks).Leader
		if was != is {
			changed = append(changed, edit.ProfileChange{
				ID: strconv.Itoa(i + 1), Name: p.Name, Before: outcome(d, was), After: outcome(d, is),
			})
		}
	}
	return changed
}

// checklist returns an edition that has as much of the guide as a tally needs.
func checklist(g guide.Guide) *guide.Edition {
	e := &guide.Edition{Guide: g}
	for _, slug := range g.Options {
		e.Options = append(e.Options, guide.Option{Slug: slug})
	}
	return e
}

// outcome returns who leads in a checklist, in words.
func outcome(d postgres.Draft, leader string) string {
	switch leader {
	case guide.Even:
		return "a tie"
	case guide.Both:
		return "several of them"
	case guide.None, "":
		return "none of them"
	}
	return optionName(d, leader)
}
