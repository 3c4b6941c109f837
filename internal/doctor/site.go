package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/health"
	"tiebreak/internal/postgres"
	"tiebreak/templates/ui"
)

// running reports whether a site runs that last wrote to the database so long ago.
func (d *Doctor) running(age time.Duration) bool { return age < postgres.BeatBound && !d.Stopped }

// checkServe looks whether any instance of the site runs.
func (d *Doctor) checkServe(ctx context.Context) health.Finding {
	const name = "serve"
	if d.DB == nil {
		return health.Skipped(name, "The database does not tell whether the site is running.", "See the check database.")
	}
	age, err := d.DB.Probes().LastBeat(ctx)
	switch {
	case err != nil:
		return unread(name, err)
	case !d.running(age):
		return health.Warn(name,
			fmt.Sprintf("The site is not running. It last wrote to the database %s ago.", ui.RoughDuration(age)),
			"Start it with your service manager, or with: tiebreak serve.")
	}
	return health.Good(name, "The site is running.")
}

// checkBaseURL looks whether this very site answers at its public address.
func (d *Doctor) checkBaseURL(ctx context.Context, visit func() visit) health.Finding {
	const name = "base-url"
	v, base := visit(), d.BaseURL
	switch {
	case v.skipped != "":
		return health.Skipped(name, v.skipped, "Start the site, then run this again.")
	case v.err != nil:
		return d.notReached(ctx, v.err)
	case v.found:
		return health.Good(name, fmt.Sprintf("This site answers at %s.", base))
	case v.status >= 300 && v.status < 400:
		return health.Fail(name, fmt.Sprintf("%s redirects to %s.", base, movedTo(base, v.moved)),
			"Set TIEBREAK_BASE_URL to the address at which visitors arrive, or remove the redirect from the proxy.")
	case v.status == 502 || v.status == 503 || v.status == 504:
		return health.Fail(name,
			fmt.Sprintf("A proxy answers at %s, but it does not reach Tiebreak (status %d).", base, v.status),
			"Have the proxy pass requests to the address in TIEBREAK_ADDR.")
	}
	return health.Fail(name, fmt.Sprintf("Another site answers at %s (status %d).", base, v.status),
		"Check TIEBREAK_BASE_URL, where its name leads in DNS, and which program the proxy passes its requests to.")
}

// notReached says why nothing answered at the public address.
func (d *Doctor) notReached(ctx context.Context, err error) health.Finding {
	const name = "base-url"
	host := d.BaseURL.Host
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns):
		return health.Fail(name, fmt.Sprintf("The name %s is not found in DNS.", d.BaseURL.Hostname()),
			"Add an A or AAAA record for it, or correct TIEBREAK_BASE_URL.")
	case errors.As(err, &certificate):
		return health.Fail(name,
			fmt.Sprintf("The certificate of %s is not accepted: %s.", host, certificateProblem(certificate.Err)),
			"See the check certificate.")
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return health.Fail(name, fmt.Sprintf("%s does not speak TLS.", host),
			"Have the proxy do TLS there, or set TIEBREAK_BASE_URL to an http:// address.")
	case ctx.Err() != nil, isTimeout(err):
		return health.Fail(name, fmt.Sprintf("%s did not answer in time.", host),
			"Check the proxy and the firewall. Some networks do not let a server reach its own public address: then try it from "+
				"outside.")
	}
	return health.Fail(name, fmt.Sprintf("Nothing answers at %s.", d.BaseURL), "Check that the proxy runs and listens there.")
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

// movedTo returns the site that a redirect leads to.
func movedTo(base *url.URL, moved string) string {
	to, err := base.Parse(moved)
	if err != nil || to.Host == base.Host && to.Scheme == base.Scheme {
		return "another path"
	}
	return (&url.URL{Scheme: to.Scheme, Host: to.Host}).String()
}

// certificateProblem says in words why a certificate is not accepted.
func certificateProblem(err error) string {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "it has expired, or is not valid yet"
	case errors.As(err, &unknown):
		return "no authority that this system trusts has signed it"
	case errors.As(err, &host):
		return "it is for another name"
	}
	return "it is not valid"
}

const (
	certificateSoon   = 21 * 24 * time.Hour // automatic renewal has failed by then
	certificateUrgent = 7 * 24 * time.Hour
)

// checkCertificate looks how long the certificate of the public address is valid.
func (d *Doctor) checkCertificate(v visit) health.Finding {
	const name = "certificate"
	const renew = "Renew it, and check why that did not happen by itself. The proxy may have to be reloaded."
	var refused *tls.CertificateVerificationError
	switch {
	case d.BaseURL.Scheme != "https":
		return health.Skipped(name, "The public address has no TLS.", "")
	case v.skipped != "":
		return health.Skipped(name, v.skipped, "Start the site, then run this again.")
	case errors.As(v.err, &refused):
		advice := "Install a certificate for " + d.BaseURL.Hostname() + " that browsers trust, with the whole chain."
		if invalid := (x509.CertificateInvalidError{}); errors.As(refused.Err, &invalid) && invalid.Reason == x509.Expired {
			advice = renew
		}
		return health.Fail(name, "The certificate is not accepted: "+certificateProblem(refused.Err)+".", advice)
	case v.expires.IsZero():
		return health.Skipped(name, "No certificate was shown.", "See the check base-url.")
	}
	left := time.Until(v.expires)
	days := fmt.Sprintf("The certificate expires in %s.", ui.Count(int(left.Hours()/24), "day", "days"))
	switch {
	case left < certificateUrgent:
		return health.Fail(name, days, renew)
	case left < certificateSoon:
		return health.Warn(name, days, renew)
	}
	return health.Good(name, days)
}

// checkProxy looks whether requests arrive as the site needs them: with the Host of the public address, and with the visitor's
// network address.
func (d *Doctor) checkProxy(v visit) health.Finding {
	const name = "proxy"
	switch {
	case v.skipped != "":
		return health.Skipped(name, v.skipped, "Start the site, then run this again.")
	case !v.found:
		return health.Skipped(name, "This site did not answer at its public address.", "See the check base-url.")
	case v.Host != d.BaseURL.Host:
		return health.Fail(name, fmt.Sprintf("The proxy changes the Host header: %s arrives as %s.", d.BaseURL.Host, v.Host),
			"Have it pass the header on. In nginx: proxy_set_header Host $http_host;")
	case len(v.ForwardedFor) == 0 && len(v.Proxies) == 0 && (d.BaseURL.Scheme == "http" || v.TLS):
		return health.Good(name, "No proxy is in front.")
	case len(v.ForwardedFor) == 0:
		return health.Fail(name, "The proxy sends no X-Forwarded-For: rate limits treat all visitors as one.",
			"Have it append the visitor's address. In nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;")
	case len(v.Proxies) == 0:
		return health.Fail(name,
			"A proxy is in front, but TIEBREAK_TRUSTED_PROXIES is not set: rate limits treat all visitors as one.",
			"Set TIEBREAK_TRUSTED_PROXIES="+network(v.Peer)+" and restart Tiebreak.")
	case !trusts(v.Proxies, v.Peer):
		return health.Fail(name, fmt.Sprintf("Requests come from %s, which TIEBREAK_TRUSTED_PROXIES does not list.", v.Peer),
			"Add "+network(v.Peer)+" to TIEBREAK_TRUSTED_PROXIES and restart Tiebreak.")
	case v.Client == "":
		return health.Fail(name,
			"X-Forwarded-For holds no visitor's address that can be read: "+strings.Join(v.ForwardedFor, ", ")+".",
			"Have the proxy append the address of the visitor, and list only proxies in TIEBREAK_TRUSTED_PROXIES.")
	case d.BaseURL.Scheme == "https" && v.ForwardedProto == "http":
		return health.Warn(name,
			"The proxy says that requests arrive by http (X-Forwarded-Proto), and the public address is https.",
			"Check which proxy does TLS, and that it redirects http to https.")
	}
	return health.Good(name, fmt.Sprintf("The proxy passes on the Host and the visitor's address (%s).", v.Client))
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
