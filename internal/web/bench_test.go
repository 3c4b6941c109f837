package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/web"
)

// BenchmarkGuideFromMemory is what a cached guide costs beside net/http itself.
func BenchmarkGuideFromMemory(b *testing.B) {
	db := pgtest.New(b)
	base := &url.URL{Scheme: "http", Host: "localhost"}
	site, err := web.New(context.Background(), web.Config{
		DB: db, BaseURL: base,
		Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/compare/django-vs-fastapi", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := &discarded{header: http.Header{}}
	site.ServeHTTP(w, r)
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		site.ServeHTTP(w, r)
	}
}

// discarded is an answer that nobody reads.
type discarded struct{ header http.Header }

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) Write(b []byte) (int, error) { return len(b), nil }
func (d *discarded) WriteHeader(int)             {}
