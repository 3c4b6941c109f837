package page

import (
	"context"
	"net/http"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// errorFrame returns the frame of an error page without asking the database: that of the staff below /staff, with the
// navigation of the member where it is known who asks.
func (c *Core) errorFrame(r *http.Request, title string) ui.Page {
	page := c.LastFrame(title)
	page.NoIndex = true
	page.Staff = isStaffPath(r.URL.Path)
	if v, known := r.Context().Value(principalKey).(staff.Principal); known && v.Session != 0 {
		page.Member, page.Owes, page.Queue = &v.Member, v.MustAddFactor, c.Queue.Load()
	}
	return page
}

// Frame returns the frame of a page from the settings in force.
func (c *Core) Frame(ctx context.Context, title string) (ui.Page, error) {
	settings, err := c.State(ctx)
	if err != nil {
		return ui.Page{}, err
	}
	return c.FrameOf(settings.Settings, title), nil
}

// LastFrame returns the frame of a page without asking the database.
func (c *Core) LastFrame(title string) ui.Page {
	return c.FrameOf(c.Settings.Load().Settings, title)
}

// FrameOf returns what every page says around its own content, from the settings.
func (c *Core) FrameOf(settings postgres.Settings, title string) ui.Page {
	p := ui.Page{
		Title: title, Home: c.Link("/"), Site: settings.Site, Promise: settings.Promise, Places: settings.Places,
		Record: settings.Record, Closed: settings.Closed, Today: settings.Today, Backups: c.Backups,
	}
	p.Feeds = []ui.Feed{{Title: p.Brand() + ": new guides and changes", Address: c.Link("/feed.atom")}}
	return p
}

// StaffFrame returns the frame of a staff page.
func (c *Core) StaffFrame(r *http.Request, title string) (ui.Page, error) {
	queue, err := c.DB.Queue(r.Context())
	if err != nil {
		return ui.Page{}, err
	}
	return c.StaffFrameWith(r, title, queue)
}

// StaffFrameWith returns the frame of a staff page whose handler has read the queue of deliveries.
func (c *Core) StaffFrameWith(r *http.Request, title string, queue lead.Queue) (ui.Page, error) {
	page, err := c.Frame(r.Context(), title)
	if err != nil {
		return page, err
	}
	m := Member(r)
	page.Member, page.Path, page.NoIndex, page.Queue = &m, r.URL.Path, true, &queue
	page.Owes, page.Done = Principal(r).MustAddFactor, DoneMessage(r)
	page.Proxied = c.Proxied.Likely(time.Now())
	page.DeletionWaits, page.Backup = c.DeletionWaits(), c.backupWarning()
	return page, nil
}

// backupLate is how old the last backup may be: one a day, and some hours to make it.
const backupLate = 36 * time.Hour

// backupWarning returns what staff have to know about backups. Another instance may make them; then it has left a record lately.
func (c *Core) backupWarning() ui.BackupWarning {
	b := *c.Backup.Load()
	if !c.Backups && b.Now.Sub(b.Recorded) > 7*24*time.Hour {
		return ui.BackupWarning{}
	}
	w := ui.BackupWarning{
		Last: b.Good, Failed: b.Problem != "", DrillFailed: b.DrillProblem != "",
		NoSpace:   b.Problem == postgres.NoSpace || b.DrillProblem == postgres.NoSpace,
		NoProgram: b.Problem == postgres.NoProgram || b.DrillProblem == postgres.NoProgram,
	}
	w.Missing = b.Now.Sub(b.Good) > backupLate
	if b.Good.IsZero() {
		w.Missing = time.Since(c.started) > backupLate
	}
	return w
}
