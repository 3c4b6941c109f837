package inbound

import (
	"regexp"
	"slices"
	"strings"

	"tiebreak/internal/lead"
)

const (
	maxParts      = 100       // that are listed
	maxDecoration = 50 * 1000 // bytes of a picture that only decorates the text, such as a logo; screenshots have more
)

// part is a part of an email that is not shown as text.
type part struct {
	lead.Part
	id string // by which HTML shows it (RFC 2392); "" for none
}

// isSignature reports whether parts of the type only prove who wrote the others (RFC 3156; RFC 8551).
func isSignature(kind string) bool {
	return kind == "application/pgp-signature" || kind == "application/pkcs7-signature" || kind == "application/x-pkcs7-signature"
}

// list lists a part that is not shown. Of absurdly many only the first are listed, and then one that says so.
func (r *reader) list(name, kind string, body []byte) {
	switch n := len(r.parts); {
	case n < maxParts:
		r.parts = append(r.parts, part{Part: lead.Part{Name: name, Type: cut(kind, maxLine), Size: int64(len(body))}})
	case n == maxParts:
		r.parts = append(r.parts, part{Part: lead.Part{Name: "and more files", Type: "application/octet-stream"}})
	}
}

// name gives the last listed part the id in its Content-ID.
func (r *reader) name(id string) {
	if last := len(r.parts) - 1; last < maxParts {
		r.parts[last].id = strings.Trim(id, " \t<>")
	}
}

// shows notes the parts that the HTML shows.
func (r *reader) shows(html string) {
	for _, found := range shownForm.FindAllStringSubmatch(html, maxParts) {
		r.shown = append(r.shown, found[1])
	}
}

var shownForm = regexp.MustCompile(`(?i)\bsrc\s*=\s*["']?cid:([^"'\s>]+)`)

// files returns the listed parts, without small pictures that the HTML shows.
func (r *reader) files() (files []lead.Part) {
	for _, p := range r.parts {
		picture := strings.HasPrefix(p.Type, "image/") && p.Size <= maxDecoration
		if !picture || p.id == "" || !slices.Contains(r.shown, p.id) {
			files = append(files, p.Part)
		}
	}
	return files
}
