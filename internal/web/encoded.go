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
	plain, gzip []byte
	brotli      atomic.Pointer[[]byte]
	etag        map[string][]string // by coding
	contentType []string
	caching     []string
}

func encode(plain []byte, contentType, caching []string) *encoded {
	sum := sha256.Sum256(plain)
	digest := hex.EncodeToString(sum[:12])
	e := &encoded{
		plain: plain, gzip: gzipped(plain), contentType: contentType, caching: caching,
		etag: map[string][]string{"": {`"` + digest + `"`}, "gzip": {`"` + digest + `-gzip"`}, "br": {`"` + digest + `-br"`}},
	}
	compressed := brotlied(plain, brotliAtOnce)
	e.brotli.Store(&compressed)
	return e
}

func (e *encoded) compressFully() {
	compressed := brotlied(e.plain, brotliBest)
	e.brotli.Store(&compressed)
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

func brotlied(plain []byte, level int) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, level)
	_, _ = w.Write(plain)
	_ = w.Close()
	return out.Bytes()
}

// Header values are shared between answers: net/http only reads them.
var (
	htmlType     = []string{"text/html; charset=utf-8"}
	varyCoding   = []string{"Accept-Encoding"}
	guideCaching = []string{"public, max-age=30"}
	codings      = map[string][]string{"gzip": {"gzip"}, "br": {"br"}}
)

// write answers with the page in the best coding that the reader takes, or says that theirs is still good. It returns the
// status and the bytes written, for the log.
func (e *encoded) write(w http.ResponseWriter, r *http.Request) (status, written int) {
	coding := accepted(r.Header["Accept-Encoding"])
	body := e.plain
	switch coding {
	case "br":
		body = *e.brotli.Load()
	case "gzip":
		body = e.gzip
	}
	h := w.Header()
	h["Etag"], h["Vary"], h["Cache-Control"] = e.etag[coding], varyCoding, e.caching
	if matches(r.Header["If-None-Match"], e.etag[coding][0]) {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified, 0
	}
	h["Content-Type"] = e.contentType
	if coding != "" {
		h["Content-Encoding"] = codings[coding]
	}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return http.StatusOK, 0
	}
	written, _ = w.Write(body)
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
