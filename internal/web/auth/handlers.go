// Package auth lets members in and guards the staff pages: sessions, second factors, passkeys, links and throttles.
// Start with RequireMember in guard.go and SignIn in sign_in.go.
package auth

import (
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
)

// Handlers are the pages of signing in and of the member's own account, and the guards of staff pages.
type Handlers struct {
	*page.Core
	passkeys *staff.RelyingParty // nil if browsers do not offer passkeys at the base URL
}

// New returns the handlers.
func New(core *page.Core) (*Handlers, error) {
	passkeys, err := staff.NewRelyingParty(core.BaseURL, core.Secret)
	return &Handlers{core, passkeys}, err
}
