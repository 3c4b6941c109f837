package auth

import (
	"net/url"
	"strings"
	"testing"
)

func FuzzReturnToStaysOnStaffPages(f *testing.F) {
	for _, seed := range []string{
		"/staff/leads/TB-0001?tab=all", "//evil.example", `/staff/\evil.example`, "/staff/%2e%2e/x",
		"https:/staff/audit", "/staff/a?\t",
	} {
		f.Add(seed)
	}
	site := &url.URL{Scheme: "https", Host: "guides.example.org", Path: "/staff/sign-in"}
	f.Fuzz(func(t *testing.T, address string) {
		to := safeReturnTo(address)
		u, err := site.Parse(to)
		if err != nil || u.Scheme != site.Scheme || u.Host != site.Host || u.User != nil ||
			!strings.HasPrefix(u.Path, "/staff/") {
			t.Errorf("%q leads to %q (%v)", address, to, err)
		}
		if path, _, _ := strings.Cut(to, "?"); path != u.Path || strings.ContainsAny(path, `\%`) ||
			strings.Contains(path, "//") || safeReturnTo(to) != to {
			t.Errorf("%q leads to %q, which can be read in two ways", address, to)
		}
	})
}

func TestReturnAddressIsAStaffPageToTheLetter(t *testing.T) {
	for _, elsewhere := range []string{
		"//evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example", "https://evil.example/staff/leads/TB-0001",
		"https:/staff/audit",
		"//evil.example/staff/audit", "///evil.example", "javascript:alert(1)", "mailto:a@evil.example", "staff/audit",
		"/staff/../x",
		"/staff/../staff/audit", "/staff//audit", "/staff/./audit", "/staff/audit/", "/staff", "/staff/", "/", "", "?tab=all",
		"#staff", "/staffing/audit",
		"%2f%2fevil.example", "/staff/%2f%2fevil.example", "/staff/%2F%2Fevil.example", "/staff/%2e%2e/x",
		"/staff/%5cevil.example", `/staff/\evil.example`,
		"/staff/audit\t", "\t/staff/audit", "/staff/\n/audit", "/staff/audit\r\nLocation: //evil.example", "/staff/%0a",
		"/staff/%0A", "/staff/%09", "/staff/audit%00",
		"/staff/audit#there", "/staff@evil.example", "/staff/audit?" +
			strings.Repeat("x", 1<<12), "/staff/leads.csv?tab=all", "/staff/leads.json", "/staff/insights/weeks.csv",
		"/staff/sign-out", "/staff/sign-in/code?to=%2Fstaff%2Faudit", "/staff/reset/GUESS", "/staff/setup/GUESS",
		"/staff/invitations/GUESS",
	} {
		if to := safeReturnTo(elsewhere); to != defaultReturnTo {
			t.Errorf("%q leads to %q", elsewhere, to)
		}
	}
	for _, staffPage := range []string{"/staff/audit", "/staff/leads/TB-0001?from=mail&tab=all"} {
		if to := safeReturnTo(staffPage); to != staffPage {
			t.Errorf("%q leads to %q", staffPage, to)
		}
	}
}
