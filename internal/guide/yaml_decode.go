package guide

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder fills our types from YAML nodes. The library's own decoder stops at lines and hides columns; an author
// wants the exact place of each mistake, all of them at once.
type decoder struct {
	file     string
	findings []Finding
	places   map[string]place // where each value that was met stands, by its path
}

func (d *decoder) report(n *yaml.Node, format string, args ...any) {
	d.findings = append(d.findings, Finding{File: d.file, Line: n.Line, Column: n.Column, Text: fmt.Sprintf(format, args...)})
}

func (d *decoder) fill(n *yaml.Node, into any) { d.value(n, reflect.ValueOf(into).Elem(), "") }

func (d *decoder) value(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.places[path] = place{n.Line, n.Column}
	if reader, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if n.Kind != yaml.ScalarNode {
			d.report(n, "expected one value here")
		} else if err := reader.UnmarshalText([]byte(n.Value)); err != nil {
			d.report(n, "%v", err)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.object(n, v, path)
	case reflect.Map:
		d.mapping(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Int:
		d.number(n, v)
	default:
		d.text(n, v)
	}
}

func (d *decoder) object(n *yaml.Node, v reflect.Value, path string) {
	fields := map[string]int{}
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ","); name != "-" {
			fields[name] = i
		}
	}
	d.pairs(n, func(key, value *yaml.Node) {
		i, known := fields[key.Value]
		if !known {
			d.report(key, "unknown field %q: expected one of %s", key.Value, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
			return
		}
		d.value(value, v.Field(i), at(path, key.Value))
	})
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	v.Set(reflect.MakeMap(v.Type()))
	d.pairs(n, func(key, value *yaml.Node) {
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(value, element, at(path, key.Value))
		v.SetMapIndex(reflect.ValueOf(key.Value), element)
	})
}

// pairs visits the entries of a mapping; a key that stands twice is a mistake, never a silent choice.
func (d *decoder) pairs(n *yaml.Node, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.report(n, "expected fields here, such as \"name: value\"")
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			d.report(key, "%q stands here twice", key.Value)
			continue
		}
		seen[key.Value] = true
		visit(key, n.Content[i+1])
	}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.report(n, "expected a list here")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, element := range n.Content {
		d.value(element, v.Index(i), item(path, i))
	}
}

func (d *decoder) number(n *yaml.Node, v reflect.Value) {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.report(n, "expected a whole number here")
		return
	}
	v.SetInt(int64(i))
}

func (d *decoder) text(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.report(n, "expected text here")
		return
	}
	if n.Tag != "!!null" {
		v.SetString(strings.TrimSpace(n.Value))
	}
}

// at is the path of a field below a path, item that of a list's item counted from 0.
func at(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// place is where the value at the path stands or, if it is not there, what it is missing from.
func (f File) place(path string) place {
	for {
		if p, known := f.places[path]; known || path == "" {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}
