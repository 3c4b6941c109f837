// Package email reads email addresses as people type and paste them. Start at Clean.
package email

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"tiebreak/internal/text"
)

// maxLength is how long a mail server lets an address be, in bytes (RFC 5321, 4.5.3.1.3).
const maxLength = 254

// domains converts domains between what people read and what servers know (RFC 5891), and refuses those that cannot exist.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// Clean returns the address as it is stored and shown: without spaces around it and without invisible characters, and with
// its domain in the letters that people read. The full stop of a sentence that it ended is left out. What is still wrong with
// it, Problem says.
func Clean(typed string) string {
	address := strings.TrimSpace(text.Normalize(typed))
	at := strings.LastIndexByte(address, '@') + 1
	if domain, err := domains.ToUnicode(address[at:]); err == nil && at > 0 {
		address = address[:at] + domain
	}
	if whole, stopped := strings.CutSuffix(address, "."); stopped && PublicProblem(whole) == "" {
		return whole
	}
	return address
}

// Readable returns the text with the domains in it in the letters that people read: bücher for xn--bcher-kva.
func Readable(text string) string {
	return wireLabel.ReplaceAllStringFunc(text, func(label string) string {
		if readable, err := domains.ToUnicode(label); err == nil {
			return readable
		}
		return label
	})
}

// wireLabel is a part of a domain as servers write it.
var wireLabel = regexp.MustCompile(`(?i)\bxn--[a-z0-9-]+`)

// Key returns the form in which addresses are compared: two that reach the same mailbox have the same key.
func Key(address string) string { return strings.ToLower(Clean(address)) }

// Spellings returns the ways in which the address may have been stored, by this program and by older ones, which kept it as
// browsers sent it.
func Spellings(address string) []string {
	spellings := []string{address, Clean(address)}
	if ascii, err := ForServer(address); err == nil {
		spellings = append(spellings, ascii)
	}
	return spellings
}

// ForServer returns the address as mail servers take it, with its domain in ASCII (xn--…), or an error if mail cannot go there.
func ForServer(address string) (string, error) {
	address = Clean(address)
	if problem := Problem(address); problem != "" {
		return "", errors.New(problem)
	}
	at := strings.LastIndexByte(address, '@') + 1
	domain, err := domains.ToASCII(address[at:])
	return address[:at] + domain, err
}

// DomainForServer returns the name of a host as servers know it: in ASCII (xn--…) and in lower case. One that is in ASCII may
// be of a private network, with rules of its own.
func DomainForServer(name string) (string, error) {
	if strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) {
		return domains.ToASCII(name)
	}
	return strings.ToLower(name), nil
}

// IsLocalServer reports whether the host, as DomainForServer returns it, is this machine. A connection to it never leaves the
// machine, so it needs no encryption and no valid certificate.
func IsLocalServer(host string) bool {
	ip, _ := netip.ParseAddr(host)
	return host == "localhost" || ip.IsLoopback()
}

// Problem returns in the reader's words what is wrong with a clean address, or "".
func Problem(address string) string {
	if len(address) > maxLength {
		return "This is longer than an email address can be. Check it for extra text."
	}
	for _, r := range address {
		if problem := wrongCharacter(r); problem != "" {
			return problem
		}
	}
	local, domain, _ := strings.Cut(address, "@")
	switch {
	case local == "" || domain == "":
		return "Enter an email address in the correct format, like name@example.org."
	case strings.Contains(domain, "@"):
		return "The address has more than one @. Enter one address, such as name@example.org."
	case strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."):
		return "There is a dot too many before the @. Remove it."
	case numeric(domain):
		return "The address has numbers after the @. Enter the name of a domain there, such as example.org."
	case strings.HasSuffix(domain, "."):
		return unfinished
	}
	if _, err := domains.ToASCII(domain); err != nil {
		return fmt.Sprintf("“%s” is not the name of a domain. Check what stands after the @.", domain)
	}
	return ""
}

const unfinished = "The address ends before the dot. Add the rest, such as .org."

// PublicProblem does the same for an address that a stranger enters: names that only exist within a network are wrong too,
// so that nobody can have mail sent to machines there.
func PublicProblem(address string) string {
	if problem := Problem(address); problem != "" {
		return problem
	}
	_, domain, _ := strings.Cut(address, "@")
	if !strings.Contains(domain, ".") {
		return unfinished
	}
	for _, ending := range localEndings {
		if strings.HasSuffix(domain, ending) {
			return fmt.Sprintf("Addresses that end in %s only work inside a network. Enter one that we can reach.", ending)
		}
	}
	return ""
}

// localEndings are those of names that no public server resolves (RFC 6761, RFC 6762, RFC 8375 and common use).
var localEndings = []string{".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home.arpa"}

// numeric reports whether the domain is a network address: no domain ends in a number.
func numeric(domain string) bool {
	if _, err := netip.ParseAddr(domain); err == nil {
		return true
	}
	last := domain[strings.LastIndexByte(domain, '.')+1:]
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// wrongCharacter returns why the character cannot stand in an address (RFC 5322, 3.2.3; RFC 6531, 3.3), or "".
func wrongCharacter(r rune) string {
	switch {
	case r == ' ':
		return "The email address contains a space. Enter it without spaces, such as name@example.org."
	case r == ',' || r == ';':
		return fmt.Sprintf("The address has “%c” in it. Enter one address, such as name@example.org.", r)
	case !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar:
		return fmt.Sprintf("The address has a character in it that cannot be seen (U+%04X). Type the address instead of "+
			"pasting it.", r)
	case unicode.In(r, unicode.L, unicode.M, unicode.N), strings.ContainsRune("@.!#$%&'*+-/=?^_`{|}~", r),
		r > unicode.MaxASCII && unicode.IsSymbol(r):
		return ""
	}
	return fmt.Sprintf("The address has “%c” in it. An email address cannot contain that character.", r)
}
