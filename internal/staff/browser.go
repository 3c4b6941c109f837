package staff

import "strings"

// word is a sign in what a browser says of itself, and the name of the browser or the system that it stands for.
type word struct{ sign, name string }

// Most browsers also claim to be others, so the first sign that fits counts.
var browsers = []word{
	{"Edg", "Edge"},
	{"OPR/", "Opera"},
	{"Firefox/", "Firefox"},
	{"FxiOS/", "Firefox"},
	{"Chrome/", "Chrome"},
	{"CriOS/", "Chrome"},
	{"Chromium/", "Chromium"},
	{"Safari/", "Safari"},
}

var systems = []word{
	{"Android", "Android"},
	{"iPhone", "iPhone"},
	{"iPad", "iPad"},
	{"Windows", "Windows"},
	{"Mac OS X", "macOS"},
	{"CrOS", "ChromeOS"},
	{"Linux", "Linux"},
}

// Browser returns a plain word for a browser, such as "Firefox on Linux", from what it says of itself (RFC 9110, 10.1.5). It
// tells the sessions of a member apart and names nobody.
func Browser(userAgent string) string {
	browser, system := nameOf(browsers, userAgent), nameOf(systems, userAgent)
	if browser == "" {
		browser = "Unknown browser"
	}
	if system == "" {
		return browser
	}
	return browser + " on " + system
}

func nameOf(words []word, userAgent string) string {
	for _, w := range words {
		if strings.Contains(userAgent, w.sign) {
			return w.name
		}
	}
	return ""
}
