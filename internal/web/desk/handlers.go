// Package desk holds the staff pages about leads: the list, a lead, replies, templates, deliveries, insights and exports.
package desk

import (
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
)

// Handlers are the staff pages about leads.
type Handlers struct {
	*page.Core
	public *public.Handlers
}

// New returns the handlers. They show guides through the public pages.
func New(core *page.Core, pages *public.Handlers) *Handlers { return &Handlers{core, pages} }
