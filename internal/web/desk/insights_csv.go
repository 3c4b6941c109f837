package desk

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
)

// numbers are a part of the insights as rows, the first one the names of the columns.
type numbers [][]string

// ExportInsights sends one part of the page as a table.
func (h *Handlers) ExportInsights(w http.ResponseWriter, r *http.Request) error {
	p, days, err := h.readInsightsQuery(r)
	if err != nil {
		return err
	}
	if p.Wrong != nil {
		return page.Render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	part := chi.URLParam(r, "part")
	ctx, cancel := withCountTimeout(r)
	defer cancel()
	rows, err := h.numbers(ctx, part, p.Asked, days)
	if err != nil {
		return tooManyToCount(w, r, p, err)
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="insights-%s-%s-%s.csv"`, part, p.From, p.To))
	// The reader may be gone; there is nobody left to tell.
	_ = rows.write(w)
	return nil
}

func (n numbers) write(w io.Writer) error {
	table, err := text.NewTable(w, n[0]...)
	if err != nil {
		return err
	}
	for _, row := range n[1:] {
		if err := table.Row(row...); err != nil {
			return err
		}
	}
	return table.Flush()
}

func (h *Handlers) numbers(ctx context.Context, part string, asked lead.Range, days dayRange) (numbers, error) {
	switch part {
	case "weeks":
		periods, whole, err := h.replies(ctx, asked, days)
		return weekNumbers(asked, periods, whole), err
	case "guides":
		guides, err := h.DB.LeadsByGuide(ctx, asked)
		return guideNumbers(guides), err
	case "ticks":
		ticks, err := h.DB.LeadsByTick(ctx, asked)
		return tickNumbers(ticks), err
	case "causes":
		suspects, err := h.DB.SuspectsByCause(ctx, asked)
		return causeNumbers(suspects), err
	case "comparisons":
		missing, err := h.DB.MissingByDay(ctx, asked)
		return missingNumbers(missing), err
	}
	return nil, fault.NotFound
}

// weekNumbers end with the whole range, whose median is none of the weeks'.
func weekNumbers(asked lead.Range, periods []lead.Period, whole lead.Replies) numbers {
	rows := numbers{{
		string(asked.Unit()), "first_day", "last_day", "due", "in_time", "late", "overdue", "in_time_percent",
		"answered", "median_minutes", "nine_of_ten_minutes",
	}}
	add := func(name, from, to string, n lead.Replies) {
		percent, median, ninth := "", "", ""
		if n.Due > 0 {
			percent = strconv.Itoa(n.Percent())
		}
		if n.Answered() > 0 {
			median, ninth = minutes(n.Median), minutes(n.P90)
		}
		rows = append(rows, []string{
			name, from, to, strconv.Itoa(n.Due), strconv.Itoa(n.InTime), strconv.Itoa(n.Late), strconv.Itoa(n.Overdue), percent,
			strconv.Itoa(n.Answered()), median, ninth,
		})
	}
	for _, p := range periods {
		add(periodCode(asked.Unit(), p), p.First.Format(time.DateOnly), p.Last.Format(time.DateOnly), p.Replies)
	}
	add("whole range", asked.From(), asked.To(), whole)
	return rows
}

// periodCode returns a week or a month as in ISO 8601: "2026-W48", "2026-11".
func periodCode(unit lead.Unit, p lead.Period) string {
	if unit == lead.Month {
		return p.Start.Format("2006-01")
	}
	year, week := p.Start.ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, week)
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Minute).Minutes())) }

// guideNumbers have a row for each option of a guide, and then one for the guide.
func guideNumbers(guides []lead.GuideLeads) numbers {
	rows := numbers{{"guide", "title", "option", "option_name", "leads", "won", "views"}}
	for _, g := range guides {
		for _, o := range g.Options {
			rows = append(rows, []string{
				g.Guide, g.Title, o.Option, o.Name, strconv.Itoa(o.Leads), strconv.Itoa(o.Won), "",
			})
		}
		rows = append(rows, []string{g.Guide, g.Title, "", "", strconv.Itoa(g.Leads), strconv.Itoa(g.Won), strconv.Itoa(g.Views)})
	}
	return rows
}

func tickNumbers(ticks []lead.TickLeads) numbers {
	rows := numbers{{"guide", "title", "option", "option_name", "condition", "leads"}}
	for _, t := range ticks {
		rows = append(rows, []string{t.Guide, t.Title, t.Option, t.Name, t.Text, strconv.Itoa(t.Leads)})
	}
	return rows
}

// causeNumbers end with all suspects, of whom one may have several causes.
func causeNumbers(suspects lead.SuspectLeads) numbers {
	rows := numbers{{"cause", "suspects"}}
	for _, c := range suspects.Causes {
		rows = append(rows, []string{string(c.Cause), strconv.Itoa(c.Leads)})
	}
	return append(rows,
		[]string{"marked by a member", strconv.Itoa(suspects.ByMember)},
		[]string{"all suspected spam", strconv.Itoa(suspects.Leads)})
}

func missingNumbers(missing []guide.MissingComparison) numbers {
	rows := numbers{{"day", "comparison", "visitors"}}
	for _, m := range missing {
		rows = append(rows, []string{m.Last.String(), m.Names, strconv.Itoa(m.Times)})
	}
	return rows
}
