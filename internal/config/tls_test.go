package config_test

import (
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/config"
)

func TestWrongTLSSettingSaysWhatToSetInstead(t *testing.T) {
	t.Parallel()
	const site = "https://guides.example.org"
	for _, c := range []struct {
		set  config.Config
		want string // "": nothing is wrong
	}{
		{config.Config{TLS: "auto", BaseURL: site}, ""},
		{config.Config{TLS: "auto", BaseURL: site + ":8443", HTTPAddr: ":8080", ACMEURL: "https://ca.example.org/dir"}, ""},
		{config.Config{TLS: "on"}, "use off or auto"},
		{config.Config{TLS: "auto"}, "it does not say the site's name. Set TIEBREAK_BASE_URL"},
		{config.Config{TLS: "auto", BaseURL: "http://guides.example.org"}, "does not begin with https. Set TIEBREAK_BASE_URL"},
		{config.Config{TLS: "auto", BaseURL: "https://192.0.2.1"}, "an IP address instead of a name"},
		{config.Config{TLS: "auto", BaseURL: "https://[2001:db8::1]"}, "an IP address instead of a name"},
		{config.Config{TLS: "auto", BaseURL: "https://localhost"}, "localhost is not a name on the internet"},
		{config.Config{TLS: "auto", BaseURL: site, ACMEURL: "http://ca.example.org"}, "TIEBREAK_ACME_URL"},
		{config.Config{TLS: "auto", BaseURL: site, HTTPAddr: "80"}, "TIEBREAK_HTTP_ADDR"},
		{config.Config{HTTPAddr: ":80"}, "TIEBREAK_HTTP_ADDR is set without TIEBREAK_TLS=auto"},
		{config.Config{ACMEURL: "https://ca.example.org"}, "TIEBREAK_ACME_URL is set without TIEBREAK_TLS=auto"},
	} {
		err := with(c.set).Check()
		if (err == nil) != (c.want == "") || !strings.Contains(fmt.Sprint(err), c.want) && c.want != "" {
			t.Errorf("%+v: %v", c.set, err)
		}
	}
}

func TestTLSChangesWhereTheProgramListens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set         config.Config
		site, plain string
	}{
		{config.Config{TLS: "off"}, "127.0.0.1:8080", ":80"},
		{config.Config{TLS: "auto"}, ":443", ":80"},
		{config.Config{TLS: "auto", Addr: ":8443", HTTPAddr: ":8080"}, ":8443", ":8080"},
	} {
		if site, plain := c.set.Address(), c.set.PlainAddress(); site != c.site || plain != c.plain {
			t.Errorf("%+v: %s and %s", c.set, site, plain)
		}
	}
}
