package staff_test

import (
	"testing"

	"tiebreak/internal/staff"
)

func TestBrowserIsCalledByAPlainWord(t *testing.T) {
	t.Parallel()
	const webKit = " AppleWebKit/537.36 (KHTML, like Gecko) "
	for _, c := range []struct{ userAgent, want string }{
		{"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + webKit + "Chrome/142.0.0.0 Safari/537.36", "Chrome on Windows"},
		{
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + webKit + "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
			"Edge on Windows",
		},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" + webKit + "Version/18.5 Safari/605.1.15", "Safari on macOS"},
		{
			"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)" + webKit + "CriOS/142.0 Mobile Safari/604.1",
			"Chrome on iPhone",
		},
		{"Mozilla/5.0 (Linux; Android 10; K)" + webKit + "Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android"},
		{"curl/8.14.1", "Unknown browser"},
		{"", "Unknown browser"},
		{"<script>Firefox/</script>", "Firefox"},
	} {
		if got := staff.Browser(c.userAgent); got != c.want {
			t.Errorf("%q is called %q, want %q", c.userAgent, got, c.want)
		}
	}
}
