package inbound

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
)

const (
	maxDepth = 20  // of parts within parts
	maxSplit = 500 // parts of one multipart
)

// reader collects what an email holds.
type reader struct {
	parts     []part   // that are not shown as text
	shown     []string // the ids of the parts that its HTML shows
	forwarded []string // the emails in it, as text
}

// entity returns the text of a part and of the parts within it, and lists those that are not text.
func (r *reader) entity(h header, body []byte, depth int) string {
	kind, parameters := h.contentType()
	name, attached := h.fileName(parameters)
	switch {
	case depth > maxDepth:
		r.list(name, kind, body)
	case strings.HasPrefix(kind, "multipart/"):
		return r.multipart(kind, split(body, parameters["boundary"]), depth)
	case kind == "message/rfc822", kind == "message/global":
		r.forward(decodeTransfer(body, h.get("Content-Transfer-Encoding")), depth)
	case isSignature(kind):
	case attached, name != "", !isText(kind):
		r.list(name, kind, decodeTransfer(body, h.get("Content-Transfer-Encoding")))
		r.name(h.get("Content-ID"))
	case kind == "text/html":
		html := htmlUTF8(decodeTransfer(body, h.get("Content-Transfer-Encoding")), parameters["charset"])
		r.shows(html)
		return htmlText(html)
	default:
		plain := toUTF8(decodeTransfer(body, h.get("Content-Transfer-Encoding")), parameters["charset"])
		plain = strings.ToValidUTF8(plain[:min(len(plain), 8*maxText)], "") // less the character that is cut through
		if strings.EqualFold(parameters["format"], "flowed") {
			plain = unflow(plain, strings.EqualFold(parameters["delsp"], "yes"))
		}
		return plain
	}
	return ""
}

// isText reports whether parts of the type are shown as text.
func isText(kind string) bool {
	return kind == "text/plain" || kind == "text/html" || kind == "text/markdown"
}

// htmlUTF8 is toUTF8 for HTML, which may say in itself how it is encoded.
func htmlUTF8(raw []byte, name string) string {
	if name == "" {
		_, name, _ = charset.DetermineEncoding(raw, "text/html")
	}
	return toUTF8(raw, name)
}

// multipart returns the text of the parts. Of alternatives it is that of the plain one, unless that is empty.
func (r *reader) multipart(kind string, parts [][]byte, depth int) string {
	var texts []string
	for _, part := range parts {
		h, body := splitHeader(part)
		text := r.entity(h, body, depth+1)
		if strings.TrimSpace(text) == "" {
			continue
		}
		inner, _ := h.contentType()
		switch {
		case kind != "multipart/alternative", len(texts) == 0:
			texts = append(texts, text)
		case inner == "text/plain":
			texts[0] = text
		}
	}
	return strings.Join(texts, "\n\n")
}

// forward keeps the email that is a part of another one.
func (r *reader) forward(raw []byte, depth int) {
	h, body := splitHeader(raw)
	within := reader{parts: r.parts, shown: r.shown}
	text := within.entity(h, body, depth+1)
	r.parts, r.shown = within.parts, within.shown
	name, address := sender(h)
	var head strings.Builder
	head.WriteString("Forwarded email\n")
	for _, f := range []field{
		{"From", strings.TrimSpace(name + " <" + address + ">")},
		{"Date", line(h.get("Date"))},
		{"Subject", line(decodeWords(h.get("Subject")))},
	} {
		if f.value != "" && f.value != "<>" {
			head.WriteString(f.key + ": " + f.value + "\n")
		}
	}
	r.forwarded = append(append(r.forwarded, head.String()+"\n"+text), within.forwarded...)
}

// split returns the parts of a multipart body. The boundary may be missing or wrong, the end too, and a body without any
// boundary is one part.
func split(body []byte, boundary string) (parts [][]byte) {
	if boundary == "" || !hasLine(body, "--"+boundary) {
		found := boundaryForm.FindSubmatch(body)
		if found == nil {
			return [][]byte{append([]byte("\n"), body...)}
		}
		boundary = string(found[1])
	}
	open, end := "--"+strings.TrimRight(boundary, " \t"), "--"+strings.TrimRight(boundary, " \t")+"--"
	start := -1
	for at := 0; at < len(body) && len(parts) < maxSplit; {
		l, rest := cutLine(body[at:])
		trimmed, next := string(bytes.TrimRight(l, " \t")), len(body)-len(rest)
		if trimmed == open || trimmed == end {
			if start >= 0 {
				parts = append(parts, trimBreak(body[start:at]))
			}
			start = next
			if trimmed == end {
				return parts
			}
		}
		at = next
	}
	if start >= 0 && len(parts) < maxSplit {
		parts = append(parts, body[start:])
	}
	return parts
}

// boundaryForm finds what looks like a boundary before the header of a part.
var boundaryForm = regexp.MustCompile(`(?im)^--([^\s-][^\r\n]{0,200}?)[ \t]*\r?\ncontent-[a-z-]+:`)

// hasLine reports whether the body has the line.
func hasLine(body []byte, line string) bool {
	want := []byte(line)
	return bytes.HasPrefix(body, want) || bytes.Contains(body, append([]byte("\n"), want...))
}

// trimBreak leaves out the line break before a boundary, which belongs to that.
func trimBreak(part []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(part, []byte("\n")), []byte("\r"))
}

// unflow joins the lines that a program broke (RFC 3676). deleteSpace says that the space before each break is not of the text.
func unflow(text string, deleteSpace bool) string {
	var out strings.Builder
	depth, open := 0, false
	for l := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		rest := strings.TrimLeft(l, ">")
		quotes := len(l) - len(rest)
		rest = strings.TrimPrefix(rest, " ")
		flowed := strings.HasSuffix(rest, " ") && rest != "-- "
		if flowed && deleteSpace {
			rest = rest[:len(rest)-1]
		}
		if !open || quotes != depth || rest == "-- " {
			if out.Len() > 0 {
				out.WriteByte('\n')
			}
			if quotes > 0 {
				out.WriteString(strings.Repeat(">", quotes) + " ")
			}
		}
		out.WriteString(rest)
		depth, open = quotes, flowed
	}
	return out.String()
}
