package certificate

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/crypto/acme"
)

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
