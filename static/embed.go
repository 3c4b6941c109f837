// Package static holds the stylesheet, the script and the icons, under addresses that name their content, so that a browser may
// keep them for ever and never shows a page with yesterday's style.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
)

//go:embed css icons js
var files embed.FS

// Prefix begins each asset's address.
const Prefix = "/static/"

// Asset is one file.
type Asset struct {
	Name    string
	Type    string // MIME type
	Content []byte
}

// types are said here: what the system knows of them differs from machine to machine.
var types = map[string]string{
	"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml; charset=utf-8",
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

// Assets are all files by their address.
func Assets() map[string]Asset { return byPath }

func load() (map[string]Asset, map[string]string) {
	assets := []Asset{{Name: "site.css", Content: stylesheet()}}
	for _, name := range append(list("icons/*"), list("js/*")...) {
		assets = append(assets, Asset{Name: path.Base(name), Content: read(name)})
	}
	paths, names := map[string]Asset{}, map[string]string{}
	for _, a := range assets {
		sum := sha256.Sum256(a.Content)
		stem, extension, _ := strings.Cut(a.Name, ".")
		address := Prefix + stem + "." + hex.EncodeToString(sum[:8]) + "." + extension
		a.Type = types[extension]
		paths[address], names[a.Name] = a, address
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
