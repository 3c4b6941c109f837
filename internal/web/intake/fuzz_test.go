package intake

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tiebreak/internal/web/page"
)

func FuzzFormsAreStorable(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "name=a&email=b%40c.org&tick=x&tick=y&project=%00%ff%0d%0a")
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"project\"\r\n\r\nwords\r\n--x--\r\n")
	f.Add("multipart/form-data", "nothing")
	f.Add("text/plain", "%zz=;&&==")
	f.Add("application/x-www-form-urlencoded", "project=a%0d%0d%0ab%0dc")
	core := &page.Core{Pace: page.DefaultFormPace}
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest(http.MethodPost, "/intake", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		values, _ := page.ReadForm(core.ReceiveForm(httptest.NewRecorder(), r))
		form := leadForm(values)
		ticks := slices.Concat(form.Ticks, form.Must, form.Weights)
		for _, text := range append(ticks, form.Name, form.Email, form.Company, form.Project, form.Timeline, form.Budget,
			form.Key, form.Stamp) {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r") {
				t.Errorf("%q cannot be stored", text)
			}
		}
		_ = form.Check()
	})
}
