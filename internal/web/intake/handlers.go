// Package intake takes requests from prospects and shows them what became of theirs. Start with ReceiveLead in intake.go.
package intake

import (
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
)

// Handlers are the pages of prospects: the form and its receipt.
type Handlers struct {
	*page.Core
	public       *public.Handlers
	countSuspect func(lead.Cause) // counts a lead that is kept as a suspect
}

// New returns the handlers. They read editions through the public pages; countSuspect counts suspects by cause.
func New(core *page.Core, pages *public.Handlers, countSuspect func(lead.Cause)) *Handlers {
	return &Handlers{core, pages, countSuspect}
}
