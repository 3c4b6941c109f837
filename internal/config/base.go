package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"tiebreak/internal/email"
)

// wrongBase returns what is wrong with the site's public address.
func wrongBase(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	host := ""
	if err == nil {
		host, err = hostOf(u)
	}
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("TIEBREAK_BASE_URL %q is not a web address: write it as https://guides.example.org", address)
	case u.Path != "" && u.Path != "/" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("TIEBREAK_BASE_URL %q has more than a host: the site needs a host of its own, such as "+
			"https://guides.example.org", u.Redacted())
	}
	name, _, _ := strings.Cut(host, ":")
	if u.Scheme == "https" && !strings.ContainsAny(host, ".[") && name != "localhost" {
		return fmt.Errorf("TIEBREAK_BASE_URL %q has a name of one part, which passkeys do not work with: write the whole "+
			"name, such as https://%s.example.org",
			address, name)
	}
	return nil
}

// wrongAddress returns what is wrong with an address to listen on, "" for none.
func wrongAddress(setting, address, example string) error {
	if address == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("%s %q is not an address: write it as HOST:PORT, such as %s", setting, address, example)
	}
	return nil
}

// hostOf returns the host and port of the address as browsers send them: in ASCII, without the dot that may end a name and
// without the port that the scheme stands for.
func hostOf(u *url.URL) (string, error) {
	host, err := email.DomainForServer(u.Hostname())
	if err != nil {
		return "", err
	}
	host = strings.TrimSuffix(host, ".")
	if !canBeHost(host) {
		return "", errors.New("no name of a host")
	}
	if strings.Contains(host, ":") { // an IPv6 address
		host = "[" + host + "]"
	}
	given := u.Port()
	if given == "" {
		return host, nil
	}
	port, err := strconv.ParseUint(given, 10, 16)
	if err != nil || port == 0 {
		return "", errors.New("no port")
	}
	if port != map[string]uint64{"http": 80, "https": 443}[u.Scheme] {
		host += ":" + strconv.FormatUint(port, 10)
	}
	return host, nil
}

const maxHost = 253 // characters of a whole name (RFC 1035, 3.1)

var (
	// hostName has parts as DNS takes them, and underscores: private networks have names with those.
	hostName = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.|$))+$`)
	// numericEnd is a last part that makes browsers read the whole name as an IPv4 address.
	numericEnd = regexp.MustCompile(`(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$`)
)

// canBeHost reports whether the text, in ASCII and lower case, is a network address or can be the name of a host.
func canBeHost(text string) bool {
	if ip, err := netip.ParseAddr(text); err == nil {
		return ip.Zone() == ""
	}
	return len(text) <= maxHost && hostName.MatchString(text) && !strings.HasSuffix(text, ".") && !numericEnd.MatchString(text)
}
