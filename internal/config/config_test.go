package config_test

import (
	"strings"
	"testing"
	"time"

	"tiebreak/internal/config"
)

// with returns the settings with valid values for those that have to be set.
func with(c config.Config) config.Config {
	c.Starter, c.LogFormat = "none", "text"
	if c.TLS == "" {
		c.TLS = "off"
	}
	return c
}

func TestBaseURLIsAHostAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://example.org/guides", "https://example.org?x=y", "https://example.org/#top", "https://someone@example.org",
		"ftp://example.org", "https://:8080", "example.org", "https://bü--cher-.example", "https://bücher\u2024\u2024example",
		"https://host:99999", "https://host:0", "https://host:x", "https://a..b", "https://.a.example", "https://-a.example",
		"https://a-.example",
		"https://a.example..", "https://.", "https://" + strings.Repeat("a", 64) +
			".example", "https://a b.example", "https://a%00b.example",
		"https://[::1", "https://[fe80::1%25eth0]", "https://300.1.2.3", "https://1.2.3", "https://[::1]:99999",
		"https://a,b.example", "https://host:", "https://intranet", "https://intranet:8443",
	} {
		err := with(config.Config{BaseURL: address}).Check()
		if err == nil || !strings.Contains(err.Error(), "TIEBREAK_BASE_URL") {
			t.Errorf("%s: %v", address, err)
		}
	}
	for address, want := range map[string]string{
		"https://Example.org/": "https://example.org", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
		"":                            "http://localhost:80",
		"https://Bücher.example":      "https://xn--bcher-kva.example",
		"https://bücher.example:8443": "https://xn--bcher-kva.example:8443",
		"https://例え。example":          "https://xn--r8jz45g.example", "http://tie_break:8080": "http://tie_break:8080",
		"https://example.org:443": "https://example.org", "http://example.org:80/": "http://example.org",
		"https://example.org:":         "https://example.org",
		"HTTPS://Bücher.Example.:443/": "https://xn--bcher-kva.example", "https://localhost:8443": "https://localhost:8443",
		"http://host:": "http://host", "https://LOCALHOST.": "https://localhost",
		"https://example.org.":   "https://example.org",
		"http://localhost.:8080": "http://localhost:8080", "http://127.0.0.1.:80": "http://127.0.0.1",
		"https://_a.b--c.example":             "https://_a.b--c.example",
		"https://xn--bcher-kva.example:65535": "https://xn--bcher-kva.example:65535", "http://[FE80::1]": "http://[fe80::1]",
		"https://7.example":      "https://7.example",
		"https://example.org:80": "https://example.org:80", "https://example.org:0443": "https://example.org",
		"http://[::1]:80": "http://[::1]", "http://[::1]:8080": "http://[::1]:8080",
	} {
		c := with(config.Config{BaseURL: address})
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if site := c.Site("127.0.0.1:80").String(); site != want {
			t.Errorf("%q: the site is at %s", address, site)
		}
	}
}

func TestPublicAddressFollowsTheAddressToListenOn(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"": "http://localhost:8080", "0.0.0.0:9000": "http://localhost:9000", ":http": "http://localhost:80",
	} {
		c := config.Config{Addr: address}
		if site := c.Site(c.Address()).String(); site != want {
			t.Errorf("%q: the site is at %s, want %s", address, site, want)
		}
	}
}

func TestEveryWrongSettingIsSaidWithTheWayToWriteIt(t *testing.T) {
	t.Parallel()
	err := config.Config{
		Addr: "8080", MetricsAddr: "127.0.0.1:99999", Drain: "10", Proxies: "127.0.0.1", TLS: "yes", Starter: "all",
		LogFormat: "xml", SMTPURL: "mail.example.org", IMAPURL: "mail.example.org", BackupDir: "/nowhere/at/all",
	}.Check()
	for _, want := range []string{
		`TIEBREAK_ADDR "8080" is not an address: write it as HOST:PORT`,
		`TIEBREAK_METRICS_ADDR "127.0.0.1:99999" is not an address: write it as HOST:PORT`,
		`TIEBREAK_DRAIN "10" is not a length of time: write it as 10s`,
		`TIEBREAK_TRUSTED_PROXIES: "127.0.0.1" is not a network: write it as 10.0.0.0/8`,
		`TIEBREAK_TLS "yes" is unknown: use off or auto`, `TIEBREAK_STARTER "all" is unknown: use guides or none`,
		`TIEBREAK_LOG "xml" is unknown: use text or json`, "TIEBREAK_SMTP_URL is not the address of a mail server: write it as",
		"TIEBREAK_IMAP_URL is not the address of a mailbox: write it as",
		`TIEBREAK_BACKUP_DIR "/nowhere/at/all" does not exist or is not a folder: create it`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said: %v", want, err)
		}
	}
	for drain, want := range map[string]time.Duration{"": 0, "0": 0, "0s": 0, "10s": 10 * time.Second} {
		c := with(config.Config{Drain: drain})
		if err := c.Check(); err != nil || c.DrainTime() != want {
			t.Errorf("TIEBREAK_DRAIN=%s is %v (%v)", drain, c.DrainTime(), err)
		}
	}
	if with(config.Config{Drain: "-1s"}).Check() == nil {
		t.Error("a negative drain time is accepted")
	}
}
