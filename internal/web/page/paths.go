package page

import (
	"net/url"
	"strings"
)

func isStaffPath(path string) bool { return path == "/staff" || strings.HasPrefix(path, "/staff/") }

// DeliveriesPath is the page of outgoing email.
const DeliveriesPath = "/staff/deliveries"

// WithQuery returns the address of the path with the query, which may be empty.
func WithQuery(path string, query url.Values) string {
	if encoded := query.Encode(); encoded != "" {
		return path + "?" + encoded
	}
	return path
}
