// Package desk holds the staff pages about leads: the list, a lead, replies, templates, deliveries, insights and exports.
package desk

import (
	"context"

	"tiebreak/internal/mailcheck"
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
)

// Handlers are the staff pages about leads.
type Handlers struct {
	*page.Core
	public   *public.Handlers
	sendTest testSender
}

// testSender sends a test email at once, and returns how each step went.
type testSender func(ctx context.Context, to string) (mailcheck.Email, error)

// New returns the handlers. They show guides through the public pages.
func New(core *page.Core, pages *public.Handlers, sendTest testSender) *Handlers {
	return &Handlers{core, pages, sendTest}
}
