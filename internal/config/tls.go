package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// letsEncrypt is the ACME directory of Let's Encrypt.
const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory"

// Values of TIEBREAK_TLS.
const (
	tlsOff  = "off"
	tlsAuto = "auto"
)

// HTTPS reports whether the program does TLS itself.
func (c Config) HTTPS() bool { return c.TLS == tlsAuto }

// Address returns the address to listen on.
func (c Config) Address() string {
	switch {
	case c.Addr != "":
		return c.Addr
	case c.HTTPS():
		return ":443"
	}
	return "127.0.0.1:8080"
}

// PlainAddress returns the address to listen on for plain HTTP where the program does TLS itself.
func (c Config) PlainAddress() string {
	if c.HTTPAddr != "" {
		return c.HTTPAddr
	}
	return ":80"
}

// Directory returns the ACME directory of the authority that issues the certificate.
func (c Config) Directory() string {
	if c.ACMEURL != "" {
		return c.ACMEURL
	}
	return letsEncrypt
}

// wrongTLS returns what is wrong with the settings of TLS.
func (c Config) wrongTLS() error {
	switch {
	case c.TLS != tlsOff && c.TLS != tlsAuto:
		return fmt.Errorf("TIEBREAK_TLS %q is unknown: use off or auto", c.TLS)
	case !c.HTTPS() && c.HTTPAddr != "":
		return errors.New("TIEBREAK_HTTP_ADDR is set without TIEBREAK_TLS=auto: without TLS, only TIEBREAK_ADDR counts")
	case !c.HTTPS() && c.ACMEURL != "":
		return errors.New("TIEBREAK_ACME_URL is set without TIEBREAK_TLS=auto: no certificate is obtained")
	case !c.HTTPS():
		return nil
	}
	problems := []error{wrongAddress("TIEBREAK_HTTP_ADDR", c.HTTPAddr, ":80")}
	if u, err := url.Parse(c.Directory()); err != nil || u.Scheme != "https" || u.Hostname() == "" {
		problems = append(problems, fmt.Errorf("TIEBREAK_ACME_URL %q is not the https address of an ACME directory: leave it "+
			"out for Let's Encrypt", c.ACMEURL))
	}
	if reason := c.noCertificateFor(); reason != "" {
		problems = append(problems, fmt.Errorf("TIEBREAK_TLS=auto does not work with TIEBREAK_BASE_URL %q: %s. Set "+
			"TIEBREAK_BASE_URL to the name of this site, such as https://guides.example.org, or set TIEBREAK_TLS=off",
			c.BaseURL, reason))
	}
	return errors.Join(problems...)
}

// noCertificateFor returns why no authority issues a certificate for the public address, "" if one may.
func (c Config) noCertificateFor() string {
	u, err := url.Parse(c.BaseURL)
	if c.BaseURL == "" || err != nil {
		return "it does not say the site's name"
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	_, notIP := netip.ParseAddr(host)
	switch {
	case u.Scheme != "https":
		return "it does not begin with https"
	case notIP == nil:
		return "it has an IP address instead of a name"
	case host == "localhost" || strings.HasSuffix(host, ".localhost"):
		return "localhost is not a name on the internet"
	}
	return ""
}
