package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
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
	if d.DB == nil {
		return health.Skipped("The database does not tell whether the site is running.", seeDatabase)
	}
	age, err := d.DB.Probes().LastBeat(ctx)
	switch {
	case err != nil:
		return unread(err)
	case !d.running(age):
		return health.Fail(
			fmt.Sprintf("The site is not running. It last wrote to the database %s ago.", ui.RoughDuration(age)),
			"Start it with your service manager, or with: tiebreak serve.")
	}
	return health.Good("The site is running.")
}

// checkBaseURL looks whether this very site answers at its public address.
func (d *Doctor) checkBaseURL(ctx context.Context, visit func() visit) health.Finding {
	v, base := visit(), d.BaseURL
	switch {
	case v.skipped != "":
		return health.Skipped(v.skipped, v.advice)
	case v.err != nil:
		return d.notReached(ctx, v)
	case v.found:
		return health.Good(fmt.Sprintf("This site answers at %s.", base))
	case v.status >= 300 && v.status < 400:
		return health.Fail(fmt.Sprintf("%s redirects to %s.", base, movedTo(base, v.moved)),
			"Set TIEBREAK_BASE_URL to the address at which visitors arrive, or remove the redirect from the proxy.")
	case v.status == 502 || v.status == 503 || v.status == 504:
		return health.Fail(
			fmt.Sprintf("A proxy answers at %s, but it does not reach Tiebreak (status %d).", base, v.status),
			"Have the proxy pass requests to the address in TIEBREAK_ADDR.")
	}
	return health.Fail(fmt.Sprintf("Another site answers at %s (status %d).", base, v.status),
		"Check TIEBREAK_BASE_URL, where its name leads in DNS, and which program the proxy passes its requests to.")
}

// notReached says why nothing answered at the public address.
func (d *Doctor) notReached(ctx context.Context, v visit) health.Finding {
	err := v.err
	host := d.BaseURL.Host
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns):
		return health.Fail(fmt.Sprintf("The name %s is not found in DNS.", d.BaseURL.Hostname()),
			"Add an A or AAAA record for it, or correct TIEBREAK_BASE_URL.")
	case errors.As(err, &certificate):
		return health.Fail(
			fmt.Sprintf("The certificate of %s is not accepted: %s.", host, certificateProblem(certificate.Err)),
			"See the check certificate.")
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return health.Fail(fmt.Sprintf("%s does not speak TLS.", host),
			"Have the proxy do TLS there, or set TIEBREAK_BASE_URL to an http:// address.")
	case v.unissued() && strings.Contains(err.Error(), "remote error: tls:"):
		return health.Skipped(fmt.Sprintf("%s has no certificate yet.", host), "See the check certificate.")
	case ctx.Err() != nil, isTimeout(err):
		return health.Fail(fmt.Sprintf("%s did not answer in time.", host),
			"Check the firewall, and the proxy if there is one. Some networks do not let a server reach its own public address: "+
				"then try it from outside.")
	}
	return health.Fail(fmt.Sprintf("Nothing answers at %s.", d.BaseURL),
		"Check TIEBREAK_BASE_URL. The proxy has to listen there or, without one, Tiebreak itself: see TIEBREAK_ADDR.")
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
