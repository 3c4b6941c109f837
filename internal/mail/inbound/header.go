package inbound

import (
	"bytes"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"tiebreak/internal/text"
)

// SiteHeader is the header that marks a site's own emails. Its value is a secret of the site.
const SiteHeader = "X-Tiebreak-Site"

const (
	maxFields = 1000     // of a header; programs write a few dozen
	maxField  = 64 << 10 // bytes of one
)

// header is the fields of a header in their order, each unfolded.
type header []field

type field struct{ key, value string }

// splitHeader returns the header and the body of an entity. A line that is not a field ends the header only if nothing but
// text follows: programs leave such lines between fields.
func splitHeader(raw []byte) (h header, body []byte) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	for len(raw) > 0 && len(h) < maxFields {
		l, rest := cutLine(raw)
		switch key, value, found := bytes.Cut(l, []byte(":")); {
		case len(l) == 0:
			return h, rest
		case l[0] == ' ' || l[0] == '\t':
			if n := len(h); n > 0 && len(h[n-1].value) < maxField {
				h[n-1].value += " " + string(bytes.TrimSpace(l))
			}
		case found && fieldName.Match(bytes.TrimRight(key, " \t")):
			h = append(h, field{string(bytes.TrimSpace(key)), string(bytes.TrimSpace(value))})
		case !bytes.HasPrefix(l, []byte("From ")) && !bytes.HasPrefix(l, []byte(">From ")) && !moreFields(rest):
			return h, raw
		}
		raw = rest
	}
	return h, raw
}

var fieldName = regexp.MustCompile(`^[!-9;-~]{1,100}$`)

// moreFields reports whether the header goes on before its first empty line.
func moreFields(rest []byte) bool {
	l, _ := cutLine(rest)
	key, _, found := bytes.Cut(l, []byte(":"))
	return found && fieldName.Match(key)
}

// cutLine returns the first line without its line break, and what follows.
func cutLine(raw []byte) (l, rest []byte) {
	l, rest, _ = bytes.Cut(raw, []byte("\n"))
	return bytes.TrimSuffix(l, []byte("\r")), rest
}

// get returns the value of the first field with the key, in UTF-8.
func (h header) get(key string) string {
	for _, f := range h {
		if strings.EqualFold(f.key, key) {
			return f.text()
		}
	}
	return ""
}

// text returns the value in UTF-8, without control characters.
func (f field) text() string { return text.WithoutControls(toUTF8([]byte(f.value), ""), "\t") }

// all returns the values of the fields with the key.
func (h header) all(key string) (values []string) {
	for _, f := range h {
		if strings.EqualFold(f.key, key) {
			values = append(values, f.text())
		}
	}
	return values
}

// recipientFields are those where an address stands that the email was sent or delivered to.
var recipientFields = []string{"To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"}

// recipients returns the addresses that the email was sent or delivered to, each once.
func (h header) recipients() (addresses []string) {
	for _, key := range recipientFields {
		for _, value := range h.all(key) {
			addresses = append(addresses, addressForm.FindAllString(value, maxFields)...)
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// addressForm finds addresses wherever they stand.
var addressForm = regexp.MustCompile(`[^\s<>,;:"'()\[\]@]+@[^\s<>,;:"'()\[\]@]+`)

// sender returns the name and the address of the person who wrote the email.
func sender(h header) (name, address string) {
	for _, key := range []string{"From", "Sender", "Reply-To", "Return-Path"} {
		value := h.get(key)
		parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: charsetReader}}
		if list, err := parser.ParseList(value); err == nil && len(list) > 0 {
			return line(decodeWords(list[0].Name)), line(list[0].Address)
		}
		if at := addressForm.FindStringIndex(value); at != nil {
			name = strings.Trim(decodeWords(value[:at[0]]), " \t\"'<(")
			return line(name), line(value[at[0]:at[1]])
		}
		if name == "" {
			name = line(decodeWords(strings.Trim(value, " \t\"'<>")))
		}
	}
	return name, ""
}

// contentType returns the media type in lower case and its parameters. A type that cannot be read counts as
// text/plain.
func (h header) contentType() (kind string, parameters map[string]string) {
	kind, parameters = parametersOf(h.get("Content-Type"))
	if !typeForm.MatchString(kind) {
		kind = "text/plain"
	}
	return kind, parameters
}

// fileName returns the name that the part has as a file, and whether it is meant to be one.
func (h header) fileName(parameters map[string]string) (name string, attached bool) {
	disposition, given := parametersOf(h.get("Content-Disposition"))
	if name = given["filename"]; name == "" {
		name = parameters["name"]
	}
	return line(decodeWords(name)), disposition == "attachment"
}

// parametersOf returns the first word of a value in lower case and the parameters behind it, as far as they can be read.
func parametersOf(value string) (first string, parameters map[string]string) {
	if first, parameters, err := mime.ParseMediaType(value); err == nil {
		return first, parameters
	}
	first, rest, _ := strings.Cut(value, ";")
	parameters = map[string]string{}
	for _, found := range parameterForm.FindAllStringSubmatch(rest, maxFields) {
		parameters[strings.ToLower(found[1])] = found[2] + strings.TrimSpace(found[3])
	}
	return strings.ToLower(strings.TrimSpace(first)), parameters
}

var (
	parameterForm = regexp.MustCompile(`([A-Za-z-]+)\s*=\s*(?:"([^"]*)"?|([^;"]+))`)
	typeForm      = regexp.MustCompile(`^[a-z0-9.+_-]+/[a-z0-9.+_-]+$`)
)
