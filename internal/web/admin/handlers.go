// Package admin holds the staff pages about the team, the audit log, the promise, closed days and checks of the site.
package admin

import "tiebreak/internal/web/page"

// Handlers are the staff pages about the team, the audit log, the promise, closed days and checks of the site.
type Handlers struct{ *page.Core }

// New returns the handlers.
func New(core *page.Core) *Handlers { return &Handlers{core} }
