package auth

import (
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/web/page"
)

func FuzzReturnToStaysOnStaffPages(f *testing.F) {
	for _, seed := range []string{"/staff/leads/TB-0001?tab=all", "//evil.example", `/staff/\evil.example`, "/staff/%2e%2e/x", "https:/staff/audit", "/staff/a?\t"} {
		f.Add(seed)
	}
	site := &url.URL{Scheme: "https", Host: "guides.example.org", Path: page.SignInPath}
	f.Fuzz(func(t *testing.T, address string) {
		to := safeReturnTo(address)
		u, err := site.Parse(to)
		if err != nil || u.Scheme != site.Scheme || u.Host != site.Host || u.User != nil || !strings.HasPrefix(u.Path, "/staff/") {
			t.Errorf("%q leads to %q (%v)", address, to, err)
		}
		if path, _, _ := strings.Cut(to, "?"); path != u.Path || strings.ContainsAny(path, `\%`) || strings.Contains(path, "//") || safeReturnTo(to) != to {
			t.Errorf("%q leads to %q, which can be read in two ways", address, to)
		}
	})
}
