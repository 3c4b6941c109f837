// Package static serves the stylesheet, the script and the icons under addresses that name their content, so that a browser may
// keep them for ever and never shows a page with yesterday's style.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed css icons js
var files embed.FS

// Prefix is where Handler is mounted.
const Prefix = "/static/"

type asset struct {
	name    string
	content []byte
}

// byPath holds each asset under its address, pathOf each address under the asset's name; made once and only read.
var byPath, pathOf = load()

// Path is the address of the asset with the name: Path("site.css") is "/static/site.1a2b3c4d5e6f7a8b.css".
// It panics on a name that is not there: the name is a constant in a template.
func Path(name string) string {
	address, ok := pathOf[name]
	if !ok {
		panic("static: there is no " + name)
	}
	return address
}

// Handler serves the assets.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(a.name)))
		http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.content))
	})
}

func load() (map[string]asset, map[string]string) {
	assets := []asset{{name: "site.css", content: stylesheet()}}
	for _, name := range append(list("icons/*"), list("js/*")...) {
		assets = append(assets, asset{name: path.Base(name), content: read(name)})
	}
	paths, names := map[string]asset{}, map[string]string{}
	for _, a := range assets {
		sum := sha256.Sum256(a.content)
		stem, extension, _ := strings.Cut(a.name, ".")
		address := Prefix + stem + "." + hex.EncodeToString(sum[:8]) + "." + extension
		paths[address], names[a.name] = a, address
	}
	return paths, names
}

// stylesheet is css/*.css in the order of their numbers: one file for the browser, one a subject for us.
func stylesheet() []byte {
	var sheet bytes.Buffer
	for _, name := range list("css/*.css") {
		sheet.Write(read(name))
	}
	return sheet.Bytes()
}

func list(pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err) // only a malformed pattern, and ours are constants
	}
	return names
}

func read(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // embedded with the program
	}
	return content
}
