package web

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzFormsAreStorable(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "name=a&email=b%40c.org&tick=x&tick=y&project=%00%ff%0d%0a")
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"project\"\r\n\r\nwords\r\n--x--\r\n")
	f.Add("multipart/form-data", "nothing")
	f.Add("text/plain", "%zz=;&&==")
	f.Add("application/x-www-form-urlencoded", "project=a%0d%0d%0ab%0dc")
	f.Fuzz(func(t *testing.T, kind, body string) {
		values, _ := parseForm(kind, []byte(body))
		form := leadForm(values)
		for _, text := range append(form.Ticks, form.Name, form.Email, form.Company, form.Project, form.Timeline, form.Budget, form.Key, form.Stamp) {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r") {
				t.Errorf("%q cannot be stored", text)
			}
		}
		_ = form.Check()
	})
}

func FuzzCodingIsOneThatIsAccepted(f *testing.F) {
	for _, seed := range []string{"gzip, deflate, br", "br;q=0, gzip;q=0.5", "*", "identity;q=0", ",;q=", "gzip;q=1.0.0", "GZIP;level=9;Q=0.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		named := strings.ToLower(header)
		if brotli, gzip := accepted([]string{header}); brotli > 0 && !strings.Contains(named, "br") || gzip > 0 && !strings.Contains(named, "gzip") {
			t.Errorf("%q accepts br: %g, gzip: %g", header, brotli, gzip)
		}
	})
}

func FuzzDoorLeadsToTheStaffPagesOfThisSiteOnly(f *testing.F) {
	for _, seed := range []string{"/staff/leads/TB-0001?tab=all", "//evil.example", `/staff/\evil.example`, "/staff/%2e%2e/x", "https:/staff/audit", "/staff/a?\t"} {
		f.Add(seed)
	}
	site := &url.URL{Scheme: "https", Host: "guides.example.org", Path: signInPath}
	f.Fuzz(func(t *testing.T, address string) {
		page := pageBehind(address)
		u, err := site.Parse(page)
		if err != nil || u.Scheme != site.Scheme || u.Host != site.Host || u.User != nil || !strings.HasPrefix(u.Path, "/staff/") {
			t.Errorf("%q leads to %q (%v)", address, page, err)
		}
		if path, _, _ := strings.Cut(page, "?"); path != u.Path || strings.ContainsAny(path, `\%`) || strings.Contains(path, "//") || pageBehind(page) != page {
			t.Errorf("%q leads to %q, which can be read in two ways", address, page)
		}
	})
}
