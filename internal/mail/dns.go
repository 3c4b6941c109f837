package mail

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"tiebreak/internal/mailcheck"
)

// dnsTime bounds the questions to DNS.
const dnsTime = 5 * time.Second

// askDNS notes what DNS says of email from the domain of the sender's address. Receivers look for SPF at the envelope sender.
func (s *Service) askDNS(ctx context.Context, result *mailcheck.Email) {
	_, domain, _ := strings.Cut(s.From, "@")
	whole, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil || net.ParseIP(domain) != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, dnsTime)
	defer cancel()
	result.Domain = domain
	envelope := domain
	if _, after, found := strings.Cut(s.Reply, "@"); found {
		envelope = after
	}
	of, err := publicsuffix.EffectiveTLDPlusOne(envelope)
	result.Unaligned = err != nil || of != whole
	result.SPF = s.findRecord(ctx, envelope, "v=spf1")
	result.DMARC = s.findRecord(ctx, "_dmarc."+domain, "v=DMARC1")
	if result.DMARC.Count == 0 && !result.DMARC.Failed && whole != domain {
		result.DMARC = s.findRecord(ctx, "_dmarc."+whole, "v=DMARC1") // that of the organisation holds (RFC 7489, 6.6.3)
	}
}

// findRecord returns the text records at the name that begin with the version.
func (s *Service) findRecord(ctx context.Context, name, version string) mailcheck.DNSRecord {
	record := mailcheck.DNSRecord{Name: name}
	texts, err := s.Resolver.LookupTXT(ctx, name)
	if missing, ok := errors.AsType[*net.DNSError](err); err != nil && !(ok && missing.IsNotFound) {
		record.Failed = true
		return record
	}
	for _, text := range texts {
		first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		if !strings.EqualFold(strings.TrimRight(first, ";"), version) && !strings.HasPrefix(first, version+";") {
			continue
		}
		if record.Count++; record.Count == 1 {
			record.Text = text
		}
	}
	return record
}
