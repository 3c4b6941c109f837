// Package admin holds the staff pages about the team, the audit log and the promise.
package admin

import "tiebreak/internal/web/page"

// Handlers are the staff pages about the team, the audit log and the promise.
type Handlers struct{ *page.Core }

// New returns the handlers.
func New(core *page.Core) *Handlers { return &Handlers{core} }
