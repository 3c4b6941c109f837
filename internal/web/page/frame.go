package page

import (
	"context"
	"net/http"
	"slices"
	"time"

	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
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
		page.Findings = c.findings(*page.Queue)
	}
	return page
}

// Frame returns the frame of a page from the settings in force.
func (c *Core) Frame(ctx context.Context, title string) (ui.Page, error) {
	settings, err := c.SiteState(ctx)
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
	page.Mailbox = c.Mailbox
	page.Owes, page.Done = Principal(r).MustAddFactor, DoneMessage(r)
	page.Findings = c.findings(queue)
	return page, nil
}

// findings returns what the site knows of itself without asking anything: the queue, what is read from the database in the
// background, and what the doctor looks at each minute.
func (c *Core) findings(queue lead.Queue) []health.Finding {
	backups := *c.Backup.Load()
	return slices.Concat(doctor.Emails(queue), []health.Finding{
		doctor.Backup(backups, c.Backups), doctor.BackupDrill(backups, c.Backups), doctor.ClockJump(c.DeletionWaits()),
		doctor.ProxySeen(c.Proxied.Likely(time.Now())),
	}, c.Doctor.Standing())
}
