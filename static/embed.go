// Package static holds the stylesheets, the scripts, the typeface and the icons, under addresses that name their content, so that
// a browser may keep them for ever and never shows a page with yesterday's style.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed css fonts icons js
var files embed.FS

// Prefix begins each asset's address.
const Prefix = "/static/"

// Font is the name of the typeface of all pages. Browsers load the other one only where a page has its letters.
const Font = "inter.woff2"

// Asset is one file.
type Asset struct {
	Name    string
	Type    string // MIME type
	Content []byte
}

// types are said here: what the system knows of them differs from machine to machine.
var types = map[string]string{
	"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml; charset=utf-8",
	"woff2": "font/woff2",
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
	paths, names := map[string]Asset{}, map[string]string{}
	add := func(name string, content []byte) {
		sum := sha256.Sum256(content)
		stem, extension, _ := strings.Cut(name, ".")
		address := Prefix + stem + "." + hex.EncodeToString(sum[:8]) + "." + extension
		paths[address], names[name] = Asset{Name: name, Type: types[extension], Content: content}, address
	}
	for _, name := range slices.Concat(list("icons/*"), list("fonts/*.woff2")) {
		add(path.Base(name), read(name))
	}
	for _, name := range list("js/*.js") {
		add(path.Base(name), scriptComment.ReplaceAll(read(name), nil))
	}
	for _, folder := range []string{"site", "staff"} {
		add(folder+".js", script(folder))
		withFonts := func(name []byte) []byte { return []byte(names[string(name)]) }
		add(folder+".css", font.ReplaceAllFunc(stylesheet(folder), withFonts))
	}
	return paths, names
}

// script joins the files of a folder, each with names of its own: one file for the browser, one a subject for us.
func script(folder string) []byte {
	var joined bytes.Buffer
	for _, name := range list("js/" + folder + "/*.js") {
		fmt.Fprintf(&joined, "{\n%s}\n", scriptComment.ReplaceAll(read(name), nil))
	}
	return joined.Bytes()
}

// stylesheet joins the files of a folder in the order of their numbers: one file for the browser, one a subject for us.
func stylesheet(folder string) []byte {
	var sheet bytes.Buffer
	for _, name := range list("css/" + folder + "/*.css") {
		sheet.Write(read(name))
	}
	style := space.ReplaceAll(styleComment.ReplaceAll(sheet.Bytes(), nil), []byte(" "))
	return aroundSigns.ReplaceAll(style, []byte("$1$2"))
}

// Comments, indents and line ends are for us: a first view is almost 2 KB lighter without them. No string of a style has these
// signs or more than one space.
var (
	styleComment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	space         = regexp.MustCompile(`\s+`)
	aroundSigns   = regexp.MustCompile(` ?([{};,]) ?|(:) `)
	scriptComment = regexp.MustCompile(`(?m)^\s*(?://.*\n)?`)
)

// font is the name of a typeface in a stylesheet.
var font = regexp.MustCompile(`[\w-]+\.woff2`)

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
