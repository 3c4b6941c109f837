package web

import (
	"errors"
	"net/http"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/templates/admin"
)

func (s *Server) showPromise(w http.ResponseWriter, r *http.Request) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	return s.promisePage(w, r, http.StatusOK, admin.PromisePage{Saw: settings.Promise, Typed: admin.TypedPromise(settings.Promise)})
}

// changePromise puts another promise in place of the one that the form was drawn with.
func (s *Server) changePromise(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	read := func(prefix string) admin.PromiseTyped {
		return admin.PromiseTyped{
			ReplyHours: strings.TrimSpace(text(values, prefix+"reply_hours")), Places: strings.TrimSpace(text(values, prefix+"places")),
			Unlimited: values.Has(prefix + "unlimited"), TimeZone: strings.TrimSpace(text(values, prefix+"time_zone")),
			Won: strings.TrimSpace(text(values, prefix+"keep_won")), Lost: strings.TrimSpace(text(values, prefix+"keep_lost")),
			Withdrawn: strings.TrimSpace(text(values, prefix+"keep_withdrawn")), Suspect: strings.TrimSpace(text(values, prefix+"keep_suspect")),
		}
	}
	saw, typed := promiseIn(read("saw_")), read("")
	next := promiseIn(typed)
	again := admin.PromisePage{Saw: saw, Typed: typed, Wrong: next.Check()}
	if again.Wrong != nil {
		return s.promisePage(w, r, http.StatusUnprocessableEntity, again)
	}
	err = s.db.ChangePromise(r.Context(), saw, next, memberOf(r).ID)
	if errors.Is(err, fault.Conflict) {
		settings, err := s.db.Settings(r.Context())
		if err != nil {
			return err
		}
		again.Saw, again.Stale = settings.Promise, true
		return s.promisePage(w, r, http.StatusConflict, again)
	}
	if err != nil {
		return err
	}
	s.compare(r.Context()) // here it shows at once, on other instances within seconds
	return done(w, r, "/staff/promise", "promise")
}

// promiseIn reads numbers; what is not one becomes one that no promise has.
func promiseIn(typed admin.PromiseTyped) lead.Promise {
	return lead.Promise{
		ReplyHours: lead.ReadNumber(typed.ReplyHours), Places: lead.ReadNumber(typed.Places),
		Unlimited: typed.Unlimited, TimeZone: typed.TimeZone,
		Keep: lead.Retention{
			Won: lead.ReadNumber(typed.Won), Lost: lead.ReadNumber(typed.Lost),
			Withdrawn: lead.ReadNumber(typed.Withdrawn), Suspect: lead.ReadNumber(typed.Suspect),
		},
	}
}

func (s *Server) promisePage(w http.ResponseWriter, r *http.Request, status int, p admin.PromisePage) error {
	var err error
	if p.Page, err = s.deskFrame(r, "Promise"); err != nil {
		return err
	}
	if p.Old, err = s.db.KeptLongEnough(r.Context(), p.Promise.Keep); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}
