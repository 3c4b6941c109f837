package certificate

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/crypto/acme"

	"tiebreak/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestReasonOfAFailedOrderIsStoredWhateverTheAuthorityAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"type": "urn:ietf:params:acme:error:caa", "detail": "x` + strings.Repeat("é", 400) + `"}`: "x" +
			strings.Repeat("é", 299) + ". Allow it there.",
		`{"type": "urn:ietf:params:acme:error:a\u0000b", "detail": "not\u0000now"}`: "The authority refuses: not now (a b).",
		"not\x00now, caf\xe9": "The authority refuses: not now, caf\uFFFD ().",
	} {
		authority := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, answer, http.StatusForbidden)
		}))
		t.Cleanup(authority.Close)
		k, err := New(t.Context(), Config{
			DB: pgtest.New(t), BaseURL: &url.URL{Scheme: "https", Host: "localhost"}, Directory: authority.URL,
			Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		k.look(t.Context())
		stored, err := k.DB.Certificate(t.Context(), k.id)
		if err != nil || !strings.HasSuffix(stored.Problem, want) {
			t.Errorf("%q is stored as %q (%v), want %q", answer, stored.Problem, err, want)
		}
	}
}

func TestAuthorityThatIsNotFoundInDNSIsExplained(t *testing.T) {
	t.Parallel()
	for directory, want := range map[string]string{
		"https://nowhere.invalid/directory": "Let this server make HTTPS connections to it and look up names in DNS.",
		"https://127.0.0.1:1/directory":     "Let this server make HTTPS connections to it.",
	} {
		k := &Keeper{Config: Config{Directory: directory, BaseURL: &url.URL{Scheme: "https", Host: "guides.test"}}}
		_, err := (&acme.Client{DirectoryURL: directory}).Discover(t.Context())
		if words := k.explain(t.Context(), err, ""); !strings.HasSuffix(words, want) {
			t.Errorf("%s: %s", directory, words)
		}
	}
}
