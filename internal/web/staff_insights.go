package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/templates/desk"
)

// showInsights tells what the leads of a range of days tell.
func (s *Server) showInsights(w http.ResponseWriter, r *http.Request) error {
	p, days, err := s.askedInsights(r)
	if err != nil {
		return err
	}
	if p.Wrong != nil {
		return render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	ctx, cancel := patiently(r)
	defer cancel()
	if err := s.count(ctx, &p, days); err != nil {
		return uncounted(w, r, p, err)
	}
	return render(w, r, http.StatusOK, p.View())
}

// countPatience is for staff who ask for years: longer than others wait, and less than a server lets an answer take.
const countPatience = 25 * time.Second

func patiently(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), countPatience)
}

// count reads one part after the other: staff who look back for years must not take the database from visitors.
func (s *Server) count(ctx context.Context, p *desk.InsightsPage, days told) (err error) {
	if p.Periods, p.Whole, err = s.replies(ctx, p.Asked, days); err != nil {
		return err
	}
	if p.Guides, err = s.db.LeadsByGuide(ctx, p.Asked); err != nil {
		return err
	}
	if p.Ticks, err = s.db.LeadsByTick(ctx, p.Asked); err != nil {
		return err
	}
	p.Suspects, err = s.db.Suspects(ctx, p.Asked)
	return err
}

// uncounted says what helps where a range holds more leads than can be counted before patience ends.
func uncounted(w http.ResponseWriter, r *http.Request, p desk.InsightsPage, err error) error {
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	p.Wrong = fault.Invalid{{Name: "from", Message: "These days hold more leads than can be counted in a few seconds. Choose a later first day."}}
	return render(w, r, http.StatusServiceUnavailable, p.View())
}

// told are the days between which leads arrived: that of the first one, zero without any, and today.
type told struct{ first, today time.Time }

// askedInsights reads the range from the address and offers others.
func (s *Server) askedInsights(r *http.Request) (p desk.InsightsPage, days told, err error) {
	if p.Page, err = s.deskFrame(r, "Insights"); err != nil {
		return p, days, err
	}
	now, err := s.db.Now(r.Context())
	if err != nil {
		return p, days, err
	}
	zone := p.Promise.TimeZone
	days.today = lead.Day(now.In(p.Promise.Location()))
	if days.first, err = s.db.FirstArrival(r.Context(), zone); err != nil {
		return p, days, err
	}
	query := r.URL.Query()
	p.From, p.To = strings.TrimSpace(text(query, "from")), strings.TrimSpace(text(query, "to"))
	p.Asked, p.Wrong = lead.ReadRange(p.From, p.To, days.today, zone)
	if p.Wrong == nil {
		p.From, p.To = p.Asked.From(), p.Asked.To()
	}
	p.Any = !days.first.IsZero()
	p.Quick = quickRanges(days, zone)
	return p, days, nil
}

func quickRanges(days told, zone string) []desk.QuickRange {
	ranges := []desk.QuickRange{
		{Words: "Last 30 days", Range: lead.LastDays(days.today, 30, zone)},
		{Words: "Last 90 days", Range: lead.LastDays(days.today, 90, zone)},
		{Words: "This year", Range: lead.Range{First: days.today.AddDate(0, 0, 1-days.today.YearDay()), Last: days.today, Zone: zone}},
	}
	if !days.first.IsZero() {
		ranges = append(ranges, desk.QuickRange{Words: "All", Range: lead.Range{First: days.first, Last: days.today, Zone: zone}})
	}
	return ranges
}

// replies are those of each week or month of the range in which there can be any, and of all of it.
func (s *Server) replies(ctx context.Context, asked lead.Range, days told) ([]lead.Period, lead.Replies, error) {
	if days.first.IsZero() {
		return nil, lead.Replies{}, nil
	}
	by, whole, err := s.db.ReplyTimes(ctx, asked)
	if err != nil {
		return nil, whole, err
	}
	periods := asked.Periods(days.first, days.today)
	for i := range periods {
		periods[i].Replies = by[periods[i].Start]
	}
	return periods, whole, nil
}
