package page

import (
	"bytes"
	"context"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"tiebreak/internal/digest"
)

// EncodeXML encodes a whole document.
func EncodeXML(document any, m medium) (*Encoded, error) {
	text, err := xml.Marshal(document)
	if err != nil {
		return nil, err
	}
	return Encode([]byte(xml.Header+string(text)+"\n"), m), nil
}

// Brotli's levels: the first while a reader waits, the second when nobody does.
const (
	brotliFast = 6
	brotliBest = 11
)

// effort is how much time an answer's compression is worth.
type effort int

const (
	Uncompressed    effort = iota // its format is compressed already
	FastCompression               // few will read it
	GoodCompression               // many will
	BestCompression               // thoroughly at once, and at the best level in the background
)

// medium is what kind of answer a page is.
type medium struct {
	contentType []string
	caching     []string
	headers     []Header // of each answer, also of one that says that the reader's copy is still good
	Effort      effort
}

func NewMedium(contentType, caching string, effort effort, more ...Header) medium {
	return medium{[]string{contentType}, []string{caching}, more, effort}
}

// Encoded is a page as bytes in each coding, with the headers that go with it: made once, written many times.
type Encoded struct {
	medium
	plain, gzip variant
	brotli      atomic.Pointer[variant]
}

// variant is the page in one coding. Header values are shared between answers: net/http only reads them.
type variant struct {
	body                 []byte
	coding, etag, length []string
}

func Encode(plain []byte, m medium) *Encoded {
	name := digest.Hex(plain, 12)
	e := &Encoded{medium: m, plain: newVariant(plain, "", name)}
	switch m.Effort {
	case Uncompressed:
	case FastCompression:
		e.gzip = newVariant(gzipped(plain, gzip.BestSpeed), "gzip", name+"-gzip")
	default:
		e.gzip = newVariant(gzipped(plain, gzip.DefaultCompression), "gzip", name+"-gzip")
		compressed := newVariant(brotlied(plain, brotli.NewWriterLevel(nil, brotliFast)), "br", name+"-br")
		e.brotli.Store(&compressed)
	}
	return e
}

func newVariant(body []byte, coding, tag string) variant {
	v := variant{body: body, etag: []string{`"` + tag + `"`}, length: []string{strconv.Itoa(len(body))}}
	if coding != "" {
		v.coding = []string{coding}
	}
	return v
}

// CompressBest takes its time; the writer is best's, used again and again: a new one takes tens of MiB.
func (e *Encoded) CompressBest(writer *brotli.Writer) {
	best := *e.brotli.Load()
	best.body = brotlied(e.plain.body, writer)
	best.length = []string{strconv.Itoa(len(best.body))}
	e.brotli.Store(&best)
}

// Size returns the bytes kept.
func (e *Encoded) Size() int {
	size := len(e.plain.body) + len(e.gzip.body)
	if v := e.brotli.Load(); v != nil {
		size += len(v.body)
	}
	return size
}

// in returns the page in the coding with the highest of the reader's weights among those that it has, brotli of equals.
func (e *Encoded) in(brotli, gzip float64) *variant {
	if v := e.brotli.Load(); v != nil && brotli > 0 && brotli >= gzip {
		return v
	}
	if e.gzip.body != nil && gzip > 0 {
		return &e.gzip
	}
	return &e.plain
}

func gzipped(plain []byte, level int) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		panic(err) // only an unknown level
	}
	// Writing to memory does not fail.
	_, _ = w.Write(plain)
	_ = w.Close()
	return out.Bytes()
}

func brotlied(plain []byte, w *brotli.Writer) []byte {
	var out bytes.Buffer
	w.Reset(&out)
	_, _ = w.Write(plain)
	_ = w.Close()
	return out.Bytes()
}

// NewBestWriter returns a writer of brotli's best level.
func NewBestWriter() *brotli.Writer { return brotli.NewWriterLevel(nil, brotliBest) }

// How long a browser and what stands between may keep an answer before they ask again.
const (
	PageCaching  = "public, max-age=30"
	FeedCaching  = "public, max-age=300"
	AssetCaching = "public, max-age=31536000, immutable" // for ever: an asset's address names its content
)

// memberCaching has the browser of a member ask each time whether its copy is still good, so that they see at once what they
// changed. The copies of others stay good for them.
var memberCaching = []string{"private, no-cache"}

// CachingFor returns how long the sender of the request may keep an answer that visitors may keep as long as caching says.
// Files never change and may be kept by all.
func CachingFor(r *http.Request, caching []string) []string {
	if caching[0] != AssetCaching && mayBeMember(r) {
		return memberCaching
	}
	return caching
}

const HTMLType = "text/html; charset=utf-8"

var varyCoding = []string{"Accept-Encoding"}

// EncodeHTML draws the page and encodes it.
func EncodeHTML(ctx context.Context, view templ.Component, m medium) (*Encoded, error) {
	body, err := html(ctx, view)
	if err != nil {
		return nil, err
	}
	return Encode(body, m), nil
}

// Write answers with the page in the best coding that the reader takes, or says that theirs is still good. It returns the
// status and the bytes written, for the log.
func (e *Encoded) Write(w http.ResponseWriter, r *http.Request) (status, written int) {
	v := e.in(accepted(r.Header["Accept-Encoding"]))
	h := w.Header()
	h["Etag"], h["Vary"], h["Cache-Control"] = v.etag, varyCoding, CachingFor(r, e.caching)
	for _, header := range e.headers {
		h[header.Name] = header.Value
	}
	if matches(r.Header["If-None-Match"], v.etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified, 0
	}
	h["Content-Type"], h["Content-Length"] = e.contentType, v.length
	if v.coding != nil {
		h["Content-Encoding"] = v.coding
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return http.StatusOK, 0
	}
	written, _ = w.Write(v.body)
	return http.StatusOK, written
}

// accepted returns the weight that the reader gives to each of our codings: 0 for one that is refused or not named
// (RFC 9110, 12.5.3).
func accepted(values []string) (brotli, gzip float64) {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			name, parameters, _ := strings.Cut(part, ";")
			switch name = strings.TrimSpace(name); {
			case strings.EqualFold(name, "br"):
				brotli = weight(parameters)
			case strings.EqualFold(name, "gzip"):
				gzip = weight(parameters)
			}
		}
	}
	return brotli, gzip
}

// weight returns the q among the parameters: 1 without one, 0 for one that cannot be read.
func weight(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return 0
		}
		return q
	}
	return 1
}

// matches reports whether one of the tags is the page's (RFC 9110, 13.1.2: weak tags compare by their value).
func matches(values []string, etag string) bool {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			if tag := strings.TrimPrefix(strings.TrimSpace(part), "W/"); tag == etag || tag == "*" {
				return true
			}
		}
	}
	return false
}

// Header is ready to be put into an answer: its name is in canonical form, its value is shared and only read.
type Header struct {
	Name  string
	Value []string
}
