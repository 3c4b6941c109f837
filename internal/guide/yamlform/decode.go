package yamlform

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiebreak/internal/guide"
)

// decoder fills our types from YAML nodes. The library's own decoder stops at lines and hides columns; an author
// wants the exact place of each mistake, all of them at once.
type decoder struct {
	File
	lines    []string   // of the file
	size     int        // of what was read, in bytes; aliases count as what they stand for
	key      *yaml.Node // in whose lines of a block the value under decoding stands; nil for an item of a list or in braces
	findings []Finding
}

func (d *decoder) report(n *yaml.Node, path, format string, args ...any) {
	d.findings = append(d.findings, Finding{
		File: d.Name, Line: n.Line, Column: n.Column, Path: path, Message: fmt.Sprintf(format, args...),
	})
}

// reject reports a value that does not have the form; what would follow from that is not reported.
func (d *decoder) reject(n *yaml.Node, path, format string, args ...any) {
	d.broken[path] = true
	d.report(n, path, format, args...)
}

// warn adds a warning at a place of its own, which need not be that of a value.
func (d *decoder) warn(at place, path, format string, args ...any) {
	d.findings = append(d.findings, Finding{
		File: d.Name, Line: at.line, Column: at.column, Path: path, Message: fmt.Sprintf(format, args...), Warning: true,
	})
}

var index = regexp.MustCompile(`\[\d+\]`)

// fieldName returns the path as an author reads it: items are counted from 1.
func fieldName(path string) string {
	return index.ReplaceAllStringFunc(path, func(found string) string {
		i, _ := strconv.Atoi(found[1 : len(found)-1])
		return fmt.Sprintf("[%d]", i+1)
	})
}

func (d *decoder) fill(n *yaml.Node, into any) { d.value(n, reflect.ValueOf(into).Elem(), "") }

func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if d.tooLarge(n) {
		return
	}
	d.places[path] = place{n.Line, n.Column}
	if reader, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if n.Kind != yaml.ScalarNode {
			d.reject(n, path, "expected one value")
		} else if err := reader.UnmarshalText([]byte(n.Value)); err != nil {
			d.reject(n, path, "%v", err)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path)
	case reflect.Struct:
		d.object(n, v, path)
	case reflect.Map:
		d.mapping(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Int:
		d.number(n, v, path)
	case reflect.Bool:
		d.truth(n, v, path)
	default:
		d.text(n, v, path)
	}
}

// maxRead bounds what a file may say, in bytes. A few aliases of aliases would otherwise stand for more than fits into memory.
const maxRead = 2 << 20

// tooLarge counts a value, and reports once that there is no room for it.
func (d *decoder) tooLarge(n *yaml.Node) bool {
	const value = 64 // takes a value without its text
	before := d.size
	d.size += value + len(n.Value)
	if before <= maxRead && d.size > maxRead {
		d.report(n, "", "the file is too large: aliases (*NAME) count as what they stand for")
	}
	return d.size > maxRead
}

func (d *decoder) object(n *yaml.Node, v reflect.Value, path string) {
	fields := maps.Collect(guide.Fields(v))
	d.pairs(n, path, func(key, value *yaml.Node) {
		field, known := fields[key.Value]
		if !known {
			d.report(key, "", "unknown field %s: expected one of %s", guide.Quoted(key.Value),
				strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
			return
		}
		d.value(value, field, at(path, key.Value))
	})
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	v.Set(reflect.MakeMap(v.Type()))
	d.pairs(n, path, func(key, value *yaml.Node) {
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(value, element, at(path, key.Value))
		v.SetMapIndex(reflect.ValueOf(key.Value), element)
	})
}

// pairs visits the entries of a mapping; a key that stands twice is a mistake, never a silent choice.
func (d *decoder) pairs(n *yaml.Node, path string, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.reject(n, path, "expected fields, each on a line as \"name: value\"")
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			d.report(key, "", "%s appears twice here", key.Value)
			continue
		}
		seen[key.Value] = true
		d.key = nil
		if n.Style&yaml.FlowStyle == 0 {
			d.key = key
		}
		visit(key, n.Content[i+1])
	}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.ScalarNode && v.Type() == reflect.TypeFor[guide.Order]() {
		d.only(n, v, path)
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.reject(n, path, "expected a list: a line with a dash for each item, or [a, b]")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, element := range n.Content {
		d.key = nil
		d.value(element, v.Index(i), item(path, i))
	}
}

// only reads a single word where a list of several may stand.
func (d *decoder) only(n *yaml.Node, v reflect.Value, path string) {
	one := reflect.New(v.Type().Elem()).Elem()
	d.text(n, one, path)
	if !one.IsZero() {
		v.Set(reflect.Append(v, one))
	}
}

func (d *decoder) number(n *yaml.Node, v reflect.Value, path string) {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.reject(n, path, "expected a whole number")
		return
	}
	v.SetInt(int64(i))
}

func (d *decoder) truth(n *yaml.Node, v reflect.Value, path string) {
	truth, err := strconv.ParseBool(n.Value)
	if n.Tag != "!!bool" || err != nil {
		d.reject(n, path, "expected true or false")
		return
	}
	v.SetBool(truth)
}

// at returns the path of a field below a path.
func at(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// above returns the path of what the value at the path belongs to.
func above(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

// item returns the path of a list's item, counted from 0.
func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// place returns where the value at the path stands or, if it is not there, what it is missing from.
func (f File) place(path string) place {
	for {
		if p, known := f.places[path]; known || path == "" {
			return p
		}
		path = above(path)
	}
}

// misshapen reports whether the value at the path, or what it belongs to, does not have the form.
func (f File) misshapen(path string) bool {
	for ; path != ""; path = above(path) {
		if f.broken[path] {
			return true
		}
	}
	return f.broken[""]
}
