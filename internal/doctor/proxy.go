package doctor

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"tiebreak/internal/health"
)

// checkProxy looks whether requests arrive as the site needs them: with the Host of the public address, and with the visitor's
// network address. asked is how the request of the admin arrived who wants to know, nil without one.
func (d *Doctor) checkProxy(v visit, asked *SiteAnswer) health.Finding {
	switch {
	case v.skipped != "":
		return health.Skipped(v.skipped, v.advice)
	case !v.found:
		return health.Skipped("This site did not answer at its public address.", "See the check base-url.")
	case v.Host != d.BaseURL.Host || !v.fromProxy():
		return d.judgeProxy(v.SiteAnswer)
	case asked == nil || asked.Host != d.BaseURL.Host || len(asked.ForwardedFor) == 0:
		return health.Skipped(
			fmt.Sprintf("This check comes from %s, which TIEBREAK_TRUSTED_PROXIES lists as a proxy.", v.from),
			fmt.Sprintf("To check how visitors arrive, open %s on another machine: Settings, Health check, Check now.",
				d.BaseURL.JoinPath("staff")))
	case slices.Equal(asked.ForwardedFor, v.ForwardedFor):
		return health.Skipped(
			fmt.Sprintf("Your browser seems to be at %s, which TIEBREAK_TRUSTED_PROXIES lists as a proxy.",
				strings.Join(asked.ForwardedFor, ", ")),
			"If that is the server itself, check again on another machine. If not, the proxy hides visitors: have it append the "+
				"visitor's address to X-Forwarded-For.")
	}
	theirs := *asked
	if theirs.Client != "" {
		theirs.Client = "here that of your browser" // no finding keeps an address of a person
	}
	return d.judgeProxy(theirs)
}

// fromProxy reports whether our own request came from an address that the site trusts as a proxy: then the site cannot take it
// for a visitor's.
func (v visit) fromProxy() bool {
	addresses := strings.Split(strings.Join(v.ForwardedFor, ","), ",")
	return trusts(v.Proxies, v.from) && trusts(v.Proxies, v.Peer) &&
		!slices.ContainsFunc(addresses, func(address string) bool { return !trusts(v.Proxies, strings.TrimSpace(address)) })
}

// judgeProxy judges how a request of a visitor arrived.
func (d *Doctor) judgeProxy(v SiteAnswer) health.Finding {
	switch {
	case v.Host != d.BaseURL.Host:
		return health.Fail(fmt.Sprintf("The proxy changes the Host header: %s arrives as %s.", d.BaseURL.Host, v.Host),
			"Have it pass the header on. In nginx: proxy_set_header Host $http_host;")
	case len(v.ForwardedFor) == 0 && len(v.Proxies) == 0 && (d.BaseURL.Scheme == "http" || v.TLS):
		return health.Good("No proxy is in front.")
	case len(v.ForwardedFor) == 0:
		return health.Fail("The proxy sends no X-Forwarded-For: rate limits treat all visitors as one.",
			"Have it append the visitor's address. In nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;")
	case len(v.Proxies) == 0:
		return health.Fail(
			"A proxy is in front, but TIEBREAK_TRUSTED_PROXIES is not set: rate limits treat all visitors as one.",
			"Set TIEBREAK_TRUSTED_PROXIES="+network(v.Peer)+" and restart Tiebreak.")
	case !trusts(v.Proxies, v.Peer):
		return health.Fail(fmt.Sprintf("Requests come from %s, which TIEBREAK_TRUSTED_PROXIES does not list.", v.Peer),
			"Add "+network(v.Peer)+" to TIEBREAK_TRUSTED_PROXIES and restart Tiebreak.")
	case v.Client == "":
		return health.Fail(
			"X-Forwarded-For holds no visitor's address that can be read: "+strings.Join(v.ForwardedFor, ", ")+".",
			"Have the proxy append the address of the visitor, and list only proxies in TIEBREAK_TRUSTED_PROXIES.")
	case d.BaseURL.Scheme == "https" && v.ForwardedProto == "http":
		return health.Warn(
			"The proxy says that requests arrive by http (X-Forwarded-Proto), and the public address is https.",
			"Check which proxy does TLS, and that it redirects http to https.")
	}
	return health.Good(fmt.Sprintf("The proxy passes on the Host and the visitor's address (%s).", v.Client))
}

// network returns the address as a network, as TIEBREAK_TRUSTED_PROXIES takes it.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "the proxy's network"
	}
	return netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()).String()
}

func trusts(networks []string, address string) bool {
	ip, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(networks, func(network string) bool {
		prefix, err := netip.ParsePrefix(network)
		return err == nil && prefix.Contains(ip.Unmap())
	})
}
