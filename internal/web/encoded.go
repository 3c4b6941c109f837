package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// Brotli's levels: the first while a reader waits, the second when nobody does.
const (
	brotliAtOnce = 5
	brotliBest   = 11
)

// effort is how much time an answer's compression is worth.
type effort int

const (
	asItIs     effort = iota // its format is compressed already
	quickly                  // few will read it
	thoroughly               // many will
	fully                    // thoroughly at once, and at the best level in the background
)

// medium is what kind of answer a page is.
type medium struct {
	contentType []string
	headers     []header // of each answer, also of one that says that the reader's copy is still good
	effort      effort
}

func mediumOf(contentType, caching string, effort effort, more ...header) medium {
	return medium{[]string{contentType}, append(more, header{name: "Cache-Control", value: []string{caching}}), effort}
}

// encoded is a page as bytes in each coding, with the headers that go with it: made once, written many times.
type encoded struct {
	medium
	plain, gzip variant
	brotli      atomic.Pointer[variant]
}

// variant is the page in one coding. Header values are shared between answers: net/http only reads them.
type variant struct {
	body                 []byte
	coding, etag, length []string
}

func encode(plain []byte, m medium) *encoded {
	sum := sha256.Sum256(plain)
	digest := hex.EncodeToString(sum[:12])
	e := &encoded{medium: m, plain: newVariant(plain, "", digest)}
	switch m.effort {
	case asItIs:
	case quickly:
		e.gzip = newVariant(gzipped(plain, gzip.BestSpeed), "gzip", digest+"-gzip")
	default:
		e.gzip = newVariant(gzipped(plain, gzip.DefaultCompression), "gzip", digest+"-gzip")
		compressed := newVariant(brotlied(plain, brotli.NewWriterLevel(nil, brotliAtOnce)), "br", digest+"-br")
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

// compressFully takes its time; the writer is best's, used again and again: a new one takes tens of MiB.
func (e *encoded) compressFully(writer *brotli.Writer) {
	best := *e.brotli.Load()
	best.body = brotlied(e.plain.body, writer)
	best.length = []string{strconv.Itoa(len(best.body))}
	e.brotli.Store(&best)
}

// size returns the bytes kept.
func (e *encoded) size() int {
	size := len(e.plain.body) + len(e.gzip.body)
	if v := e.brotli.Load(); v != nil {
		size += len(v.body)
	}
	return size
}

// in returns the page in the coding with the highest of the reader's weights among those that it has, brotli of equals.
func (e *encoded) in(brotli, gzip float64) *variant {
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

// best is a writer of brotli's best level.
func best() *brotli.Writer { return brotli.NewWriterLevel(nil, brotliBest) }

// How long a browser and what stands between may keep an answer before they ask again.
const (
	pageCaching = "public, max-age=30"
	feedCaching = "public, max-age=300"
)

const htmlType = "text/html; charset=utf-8"

var (
	guideMedium  = mediumOf(htmlType, pageCaching, fully)
	pageMedium   = mediumOf(htmlType, pageCaching, thoroughly)
	tickedMedium = mediumOf(htmlType, pageCaching, quickly)
)

var varyCoding = []string{"Accept-Encoding"}

// encodeHTML draws the page and encodes it.
func encodeHTML(ctx context.Context, view templ.Component, m medium) (*encoded, error) {
	body, err := html(ctx, view)
	if err != nil {
		return nil, err
	}
	return encode(body, m), nil
}

// write answers with the page in the best coding that the reader takes, or says that theirs is still good. It returns the
// status and the bytes written, for the log.
func (e *encoded) write(w http.ResponseWriter, r *http.Request) (status, written int) {
	v := e.in(accepted(r.Header["Accept-Encoding"]))
	h := w.Header()
	h["Etag"], h["Vary"] = v.etag, varyCoding
	for _, header := range e.headers {
		h[header.name] = header.value
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
