// Package edit holds the staff pages on which editors change what the site publishes.
package edit

import "tiebreak/internal/web/page"

// Handlers are the pages of the editors.
type Handlers struct {
	*page.Core
}

// New returns the handlers.
func New(core *page.Core) *Handlers { return &Handlers{core} }
