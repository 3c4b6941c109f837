package page

import (
	"net/url"
	"strings"
)

func isStaffPath(path string) bool { return path == "/staff" || strings.HasPrefix(path, "/staff/") }

// IntakePath is where requests are sent.
const IntakePath = "/intake"

// Pages that members are sent to from others.
const (
	SignInPath        = "/staff/sign-in"
	MFAPath           = "/staff/sign-in/code"
	SignOutPath       = "/staff/sign-out"
	ReauthPath        = "/staff/account/proof"
	FactorsPath       = "/staff/account/factors"
	AuthenticatorPath = "/staff/account/authenticator"
	AccountPath       = "/staff/account"
	TeamPath          = "/staff/team"
	TemplatesPath     = "/staff/templates"
	DeliveriesPath    = "/staff/deliveries"
	WelcomePath       = LeadsPath + "?done=joined"
)

const LeadsPath = "/staff/leads"

func WithQuery(path string, query url.Values) string {
	if encoded := query.Encode(); encoded != "" {
		return path + "?" + encoded
	}
	return path
}
