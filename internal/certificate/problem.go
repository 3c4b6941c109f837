package certificate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
)

const portsMustBeOpen = "The authority must reach this server from the internet at port 80 or 443 of that name: let both " +
	"through firewalls and routers."

// lookupTime bounds how long we wait for DNS.
const lookupTime = 3 * time.Second

// explain says in words why there is no certificate, and what to do.
func (k *Keeper) explain(ctx context.Context, err error, kind string) string {
	if errors.Is(err, errNoAddress) {
		return k.whereItPoints(ctx)
	}
	port := map[string]string{http01: "80", tlsALPN01: "443"}[kind]
	refused, reason := refusal(err)
	if refused == nil {
		advice := "Let this server make HTTPS connections to it"
		if _, unknown := errors.AsType[*net.DNSError](err); unknown {
			advice += " and look up names in DNS"
		}
		return fmt.Sprintf("The authority at %s did not answer as it should: %v. %s.", k.Directory, err, advice)
	}
	switch reason {
	case "connection", "dns", "unauthorized", "incorrectResponse", "tls":
		return fmt.Sprintf("The authority did not find this server at port %s of %s: %s. %s Point the name to this server. %s",
			port, k.id.Host, clean(refused.Detail), k.whereItPoints(ctx), portsMustBeOpen)
	case "caa":
		return fmt.Sprintf("A CAA record in DNS forbids the authority to issue a certificate: %s. Allow it there.",
			clean(refused.Detail))
	case "rateLimited":
		return fmt.Sprintf("The authority issues no more certificates for now: %s.", clean(refused.Detail))
	}
	return fmt.Sprintf("The authority refuses: %s (%s).", clean(refused.Detail), reason)
}

// refusal returns what the authority said, and the kind of problem (RFC 8555, 6.7); nil if it said nothing.
func refusal(err error) (refused *acme.Error, reason string) {
	var failed *acme.AuthorizationError
	if errors.As(err, &failed) && len(failed.Errors) > 0 {
		err = failed.Errors[0]
	}
	var invalid *acme.OrderError
	if errors.As(err, &invalid) && invalid.Problem != nil {
		err = invalid.Problem
	}
	if !errors.As(err, &refused) {
		return nil, ""
	}
	return refused, refused.ProblemType[strings.LastIndex(refused.ProblemType, ":")+1:]
}

// clean returns what the authority said as part of a sentence.
func clean(detail string) string {
	const most = 300
	characters := []rune(strings.TrimRight(strings.Join(strings.Fields(detail), " "), "."))
	return string(characters[:min(len(characters), most)])
}

// whereItPoints says which addresses DNS has for the host, and which this server has.
func (k *Keeper) whereItPoints(ctx context.Context) string {
	found, err := lookUp(ctx, k.id.Host)
	switch {
	case errors.Is(err, errNoAddress):
		return fmt.Sprintf("DNS has no address for %s: add an A record, and an AAAA record for IPv6, with the public address "+
			"of this server.", k.id.Host)
	case err != nil:
		return fmt.Sprintf("DNS did not answer about %s: %v.", k.id.Host, err)
	}
	return fmt.Sprintf("DNS says that %s is at %s. %s", k.id.Host, list(found), ownAddresses())
}

// errNoAddress means that DNS has no address for the host.
var errNoAddress = errors.New("DNS has no address for this host")

// lookUp returns the addresses that DNS has for the host.
func lookUp(ctx context.Context, host string) ([]netip.Addr, error) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTime)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(limited, "ip", host)
	var missing *net.DNSError
	if errors.As(err, &missing) && missing.IsNotFound {
		err = errNoAddress
	}
	return found, err
}

// ownAddresses says which public addresses this server has.
func ownAddresses() string {
	addresses, _ := net.InterfaceAddrs()
	var public []netip.Addr
	for _, address := range addresses {
		if prefix, err := netip.ParsePrefix(address.String()); err == nil && prefix.Addr().IsGlobalUnicast() &&
			!prefix.Addr().IsPrivate() {
			public = append(public, prefix.Addr())
		}
	}
	if len(public) == 0 {
		return "This server has no public address of its own, so a router must pass the ports on to it."
	}
	return "This server has " + list(public) + "."
}

func list(addresses []netip.Addr) string {
	var texts []string
	for _, address := range addresses {
		texts = append(texts, address.Unmap().String())
	}
	return strings.Join(texts, ", ")
}

func (k *Keeper) untilWords() string {
	if until := k.Until(); !until.IsZero() {
		return until.UTC().Format(time.RFC3339)
	}
	return "none"
}
