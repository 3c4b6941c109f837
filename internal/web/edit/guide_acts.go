package edit

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/edit"
)

// Publish publishes the draft that the member saw, or schedules that for a time.
func (h *Handlers) Publish(w http.ResponseWriter, r *http.Request) error {
	slug, member := chi.URLParam(r, "slug"), page.Member(r).ID
	values := page.Form(r)
	if !values.Has("at") {
		return h.decide(w, r, "guide-published", func(seen string) error {
			return h.DB.PublishDraft(r.Context(), slug, member, seen)
		})
	}
	return h.decide(w, r, "guide-scheduled", func(seen string) error {
		at, problem := lead.SiteTime(strings.TrimSpace(values.Get("at")), h.Settings.Load().Promise.Location())
		if problem != "" {
			return fault.Invalid{{Name: "at", Message: problem}}
		}
		return h.DB.ScheduleDraft(r.Context(), slug, member, seen, at)
	})
}

// CancelSchedule removes what is scheduled for the guide.
func (h *Handlers) CancelSchedule(w http.ResponseWriter, r *http.Request) error {
	return h.decide(w, r, "schedule-cancelled", func(seen string) error {
		return h.DB.CancelSchedule(r.Context(), chi.URLParam(r, "slug"), page.Member(r).ID, seen)
	})
}

// Unpublish has visitors no longer see the guide.
func (h *Handlers) Unpublish(w http.ResponseWriter, r *http.Request) error {
	to := page.Storable(page.Form(r).Get("to"))
	return h.decide(w, r, "guide-unpublished", func(seen string) error {
		return h.DB.UnpublishGuide(r.Context(), chi.URLParam(r, "slug"), to, page.Member(r).ID, seen)
	})
}

// Discard removes the draft that the member saw.
func (h *Handlers) Discard(w http.ResponseWriter, r *http.Request) error {
	return h.decide(w, r, "draft-discarded", func(seen string) error {
		return h.DB.DiscardDraft(r.Context(), chi.URLParam(r, "slug"), page.Member(r).ID, seen)
	})
}

// Move has the guide stand at another address.
func (h *Handlers) Move(w http.ResponseWriter, r *http.Request) error {
	to := strings.TrimSpace(page.OneLine(page.Form(r), "slug"))
	return h.decideAt(w, r, "/staff/guides/"+to, "guide-moved", func(seen string) error {
		if problem := slugProblem(to); problem != "" {
			return fault.Invalid{{Name: "slug", Message: problem}}
		}
		return h.DB.ChangeAddress(r.Context(), chi.URLParam(r, "slug"), to, page.Member(r).ID, seen)
	})
}

func slugProblem(slug string) string {
	if !yamlform.IsSlug(slug) || len(slug) > 200 {
		return "Use lower-case letters, digits and single hyphens, such as rails-vs-laravel."
	}
	return ""
}

// Restore has the draft say what an earlier version says. Where the draft has changes of its own, the member sees first what
// would replace them.
func (h *Handlers) Restore(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "n")
	if err != nil {
		return err
	}
	slug, number := chi.URLParam(r, "slug"), int(id)
	d, err := h.DB.Draft(r.Context(), slug)
	if err != nil {
		return err
	}
	values := page.Form(r)
	if len(d.Changes) > 0 && values.Has("seen") && values.Get("over") != d.StateDigest() {
		if _, err := h.DB.Revision(r.Context(), d.Slug, number); err != nil {
			return err
		}
		p := edit.DifferencePage{Restoring: number}
		return h.differencePage(w, r, http.StatusConflict, d, draftVersion, strconv.Itoa(number), p)
	}
	return h.decide(w, r, "guide-restored", func(seen string) error {
		return h.DB.RestoreRevision(r.Context(), d.Slug, number, page.Member(r).ID, seen)
	})
}

// DeleteGuide deletes a guide that was never published.
func (h *Handlers) DeleteGuide(w http.ResponseWriter, r *http.Request) error {
	return h.decideAt(w, r, "/staff/guides", "guide-deleted", func(seen string) error {
		return h.DB.DeleteGuide(r.Context(), chi.URLParam(r, "slug"), page.Member(r).ID, seen)
	})
}

// decide does something to the whole draft, or shows what it says now.
func (h *Handlers) decide(w http.ResponseWriter, r *http.Request, act string, do func(seen string) error) error {
	return h.decideAt(w, r, "/staff/guides/"+chi.URLParam(r, "slug"), act, do)
}

// decideAt is decide for an act after which another page shows the guide, or none does.
func (h *Handlers) decideAt(w http.ResponseWriter, r *http.Request, next, act string, do func(seen string) error) error {
	values := page.Form(r)
	if !values.Has("seen") {
		return page.ErrDamagedForm
	}
	err := do(values.Get("seen"))
	typed := edit.OutlinePage{At: page.Storable(values.Get("at")), To: page.Storable(values.Get("to"))}
	typed.Address = page.Storable(values.Get("slug"))
	var wrong fault.Invalid
	switch {
	case errors.Is(err, fault.Conflict):
		typed.Stale = true
		return h.outlinePage(w, r, http.StatusConflict, typed)
	case errors.As(err, &wrong):
		typed.Wrong = wrong
		return h.outlinePage(w, r, http.StatusUnprocessableEntity, typed)
	case err != nil:
		return err
	}
	h.Refresh(r.Context()) // here it shows at once, on other instances within seconds
	return page.Done(w, r, next, act)
}
