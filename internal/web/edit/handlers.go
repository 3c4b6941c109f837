// Package edit holds the staff pages on which editors change what the site publishes.
package edit

import (
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
)

// Handlers are the pages of the editors.
type Handlers struct {
	*page.Core
	public *public.Handlers
}

// New returns the handlers. They preview guides as the public pages show them.
func New(core *page.Core, pages *public.Handlers) *Handlers { return &Handlers{core, pages} }
