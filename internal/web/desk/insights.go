package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/templates/insights"
)

// ShowInsights shows what the leads and searches of a range of days tell.
func (h *Handlers) ShowInsights(w http.ResponseWriter, r *http.Request) error {
	p, days, err := h.readInsightsQuery(r)
	if err != nil {
		return err
	}
	if p.Wrong != nil {
		return page.Render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	ctx, cancel := withCountTimeout(r)
	defer cancel()
	if err := h.count(ctx, &p, days); err != nil {
		return tooManyToCount(w, r, p, err)
	}
	return page.Render(w, r, http.StatusOK, p.View())
}

// countTimeout is for staff who ask for years: longer than others wait, and less than a server lets an answer take.
const countTimeout = 25 * time.Second

func withCountTimeout(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), countTimeout)
}

// count reads one part after the other: staff who look back for years must not take the database from visitors.
func (h *Handlers) count(ctx context.Context, p *insights.Page, days dayRange) (err error) {
	if p.Periods, p.Whole, err = h.replies(ctx, p.Asked, days); err != nil {
		return err
	}
	if p.Guides, err = h.DB.LeadsByGuide(ctx, p.Asked); err != nil {
		return err
	}
	if p.Ticks, err = h.DB.LeadsByTick(ctx, p.Asked); err != nil {
		return err
	}
	if p.Suspects, err = h.DB.SuspectsByCause(ctx, p.Asked); err != nil {
		return err
	}
	p.Missing, err = h.DB.MissingComparisons(ctx, p.Asked, insights.MaxMissing)
	return err
}

// tooManyToCount says what helps where a range holds more leads than can be counted before patience ends.
func tooManyToCount(w http.ResponseWriter, r *http.Request, p insights.Page, err error) error {
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	p.Wrong = fault.Invalid{{Name: "from", Message: "There are too many leads in these days to count. Choose a later first day."}}
	return page.Render(w, r, http.StatusUnprocessableEntity, p.View())
}

// dayRange are the days between which leads arrived: that of the first one, zero without any, and today.
type dayRange struct{ first, today time.Time }

// readInsightsQuery reads the range from the address and offers others.
func (h *Handlers) readInsightsQuery(r *http.Request) (p insights.Page, days dayRange, err error) {
	if p.Page, err = h.StaffFrame(r, "Insights"); err != nil {
		return p, days, err
	}
	now, err := h.DB.Now(r.Context())
	if err != nil {
		return p, days, err
	}
	zone := p.Promise.TimeZone
	days.today = lead.Day(now.In(p.Promise.Location()))
	if days.first, err = h.DB.FirstArrival(r.Context(), zone); err != nil {
		return p, days, err
	}
	query := r.URL.Query()
	p.From, p.To = strings.TrimSpace(page.Text(query, "from")), strings.TrimSpace(page.Text(query, "to"))
	p.Asked, p.Wrong = lead.ReadRange(p.From, p.To, days.today, zone)
	if p.Wrong == nil {
		p.From, p.To = p.Asked.From(), p.Asked.To()
	}
	p.Any = !days.first.IsZero()
	p.Quick = quickRanges(days, zone)
	return p, days, nil
}

func quickRanges(days dayRange, zone string) []insights.QuickRange {
	ranges := []insights.QuickRange{
		{Words: "Last 30 days", Range: lead.LastDays(days.today, 30, zone)},
		{Words: "Last 90 days", Range: lead.LastDays(days.today, 90, zone)},
		{Words: "This year", Range: lead.Range{
			First: days.today.AddDate(0, 0, 1-days.today.YearDay()), Last: days.today,
			Zone: zone,
		}},
	}
	if !days.first.IsZero() {
		all := lead.Range{First: days.first, Last: days.today, Zone: zone}
		ranges = append(ranges, insights.QuickRange{Words: "All", Range: all})
	}
	return ranges
}

// replies returns those of each week or month of the range in which there can be any, and of all of it.
func (h *Handlers) replies(ctx context.Context, asked lead.Range, days dayRange) ([]lead.Period, lead.Replies, error) {
	if days.first.IsZero() {
		return nil, lead.Replies{}, nil
	}
	by, whole, err := h.DB.ReplyTimes(ctx, asked)
	if err != nil {
		return nil, whole, err
	}
	periods := asked.Periods(days.first, days.today)
	for i := range periods {
		periods[i].Replies = by[periods[i].Start]
	}
	return periods, whole, nil
}
