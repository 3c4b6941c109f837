package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// Brotli's levels: the first while a reader waits, the second when nobody does.
const (
	brotliAtOnce = 5
	brotliBest   = 11
)

// encoded is a page as bytes in each coding, with the headers that go with it: made once, written many times.
type encoded struct {
	plain, gzip variant
	brotli      atomic.Pointer[variant]
	contentType []string
	caching     []string
}

// variant is the page in one coding. Header values are shared between answers: net/http only reads them.
type variant struct {
	body                 []byte
	coding, etag, length []string
}

func encode(plain []byte, contentType, caching []string) *encoded {
	sum := sha256.Sum256(plain)
	digest := hex.EncodeToString(sum[:12])
	e := &encoded{contentType: contentType, caching: caching}
	e.plain = newVariant(plain, "", digest)
	e.gzip = newVariant(gzipped(plain), "gzip", digest+"-gzip")
	compressed := newVariant(brotlied(plain, brotli.NewWriterLevel(nil, brotliAtOnce)), "br", digest+"-br")
	e.brotli.Store(&compressed)
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

// size is the bytes kept.
func (e *encoded) size() int { return len(e.plain.body) + len(e.gzip.body) + len(e.brotli.Load().body) }

// in is the page in a coding that accepted names.
func (e *encoded) in(coding string) *variant {
	switch coding {
	case "br":
		return e.brotli.Load()
	case "gzip":
		return &e.gzip
	}
	return &e.plain
}

func gzipped(plain []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.DefaultCompression)
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

var (
	htmlType     = []string{"text/html; charset=utf-8"}
	varyCoding   = []string{"Accept-Encoding"}
	guideCaching = []string{"public, max-age=30"}
)

// write answers with the page in the best coding that the reader takes, or says that theirs is still good. It returns the
// status and the bytes written, for the log.
func (e *encoded) write(w http.ResponseWriter, r *http.Request) (status, written int) {
	v := e.in(accepted(r.Header["Accept-Encoding"]))
	h := w.Header()
	h["Etag"], h["Vary"], h["Cache-Control"] = v.etag, varyCoding, e.caching
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

// accepted is the coding of ours that the reader likes best: brotli, gzip or none (RFC 9110, 12.5.3). A coding with the
// weight 0 is refused.
func accepted(values []string) string {
	best := ""
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			name, parameter, _ := strings.Cut(strings.TrimSpace(part), ";")
			weight := strings.TrimPrefix(strings.ReplaceAll(parameter, " ", ""), "q=")
			if weight != "" && strings.Trim(weight, "0.") == "" {
				continue
			}
			switch {
			case name == "br":
				return "br"
			case name == "gzip":
				best = "gzip"
			}
		}
	}
	return best
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
