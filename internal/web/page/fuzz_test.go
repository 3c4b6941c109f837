package page

import (
	"strings"
	"testing"
)

func FuzzCodingIsOneThatIsAccepted(f *testing.F) {
	for _, seed := range []string{
		"gzip, deflate, br", "br;q=0, gzip;q=0.5", "*", "identity;q=0", ",;q=", "gzip;q=1.0.0",
		"GZIP;level=9;Q=0.1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		named := strings.ToLower(header)
		if brotli, gzip := accepted([]string{header}); brotli > 0 && !strings.Contains(named, "br") || gzip > 0 &&
			!strings.Contains(named, "gzip") {
			t.Errorf("%q accepts br: %g, gzip: %g", header, brotli, gzip)
		}
	})
}
