package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"tiebreak/internal/health"
	"tiebreak/internal/postgres"
	"tiebreak/templates/ui"
)

// order returns what the database knows about the certificate that the program orders itself, nil where a proxy does TLS.
func (d *Doctor) order(ctx context.Context) (*postgres.Certificate, error) {
	if d.Authority == "" {
		return nil, nil
	}
	id := postgres.CertificateID{Directory: d.Authority, Host: d.BaseURL.Hostname()}
	c, err := d.DB.Probes().Certificate(ctx, id)
	return &c, err
}

// unissued reports whether the authority has never issued the certificate.
func (v visit) unissued() bool { return v.order != nil && v.order.PEM == nil }

// lastOrder says what came of the last order of the certificate, and when the next one is made.
func lastOrder(c postgres.Certificate) string {
	if c.Problem == "" {
		return "An order is under way or begins within a minute. Run this again then."
	}
	return fmt.Sprintf("%s The next try is on %s UTC, and a restart of Tiebreak may bring it forward.", c.Problem,
		c.NextTryAt.UTC().Format("Mon 2 Jan 2006, 15:04"))
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
	renew := "Renew it, and check why that did not happen by itself. The proxy may have to be reloaded."
	if v.order != nil {
		renew = lastOrder(*v.order)
	}
	var refused *tls.CertificateVerificationError
	switch {
	case d.BaseURL.Scheme != "https":
		return health.Skipped("The public address has no TLS.", "")
	case v.skipped != "":
		return health.Skipped(v.skipped, v.advice)
	case v.unissued():
		return health.Fail("No certificate has been issued yet.", lastOrder(*v.order))
	case errors.As(v.err, &refused):
		advice := "Install a certificate for " + d.BaseURL.Hostname() + " that browsers trust, with the whole chain."
		if invalid := (x509.CertificateInvalidError{}); errors.As(refused.Err, &invalid) && invalid.Reason == x509.Expired {
			advice = renew
		}
		return health.Fail("The certificate is not accepted: "+certificateProblem(refused.Err)+".", advice)
	case v.expires.IsZero():
		return health.Skipped("No certificate was shown.", "See the check base-url.")
	}
	left := time.Until(v.expires)
	days := fmt.Sprintf("The certificate expires in %s.", ui.Count(int(left.Hours()/24), "day", "days"))
	switch {
	case left < certificateUrgent:
		return health.Fail(days, renew)
	case left < certificateSoon:
		return health.Warn(days, renew)
	}
	return health.Good(days)
}
