package section

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

// Values returns the named fields of what the pointer leads to as the fields of a web form, all of them without a name. They are
// called as in the YAML form: "label", "values.django", "level.why"; those of the first source are "source-1-title" and so on.
func Values(pointer any, names ...string) url.Values {
	values := url.Values{}
	for name, v := range guide.Fields(reflect.ValueOf(pointer).Elem()) {
		if len(names) == 0 || slices.Contains(names, name) {
			write(values, name, v)
		}
	}
	return values
}

// Fill sets the named fields of what the pointer leads to from a web form, as Values writes them. It returns what does not have
// the form of its field and is left as it was.
func Fill(pointer any, values url.Values, names ...string) (wrong fault.Invalid) {
	if wrong = TooMuch(values); len(wrong) > 0 {
		return wrong
	}
	for name, v := range guide.Fields(reflect.ValueOf(pointer).Elem()) {
		if len(names) == 0 || slices.Contains(names, name) {
			read(values, name, v, &wrong)
		}
	}
	return wrong
}

// TooMuch returns the fields of a form that hold more than we read.
func TooMuch(values url.Values) (wrong fault.Invalid) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if mistake := yamlform.TooMuch(values.Get(name)); mistake != "" {
			wrong.Add(name, yamlform.Sentence(mistake))
		}
	}
	return wrong
}

func write(values url.Values, name string, v reflect.Value) {
	switch value := v.Interface().(type) {
	case string:
		values.Set(name, value)
	case int:
		if value != 0 {
			values.Set(name, strconv.Itoa(value))
		}
	case []string:
		values[name] = value
	case guide.Order:
		values[name] = value
	case map[string]string:
		for key, text := range value {
			values.Set(name+"."+key, text)
		}
	case []guide.Source:
		for i, s := range value {
			for part, text := range sourceFields(s) {
				values.Set(sourceField(i, part), text)
			}
		}
	default:
		for inner, field := range guide.Fields(v) {
			write(values, name+"."+inner, field)
		}
	}
}

func sourceFields(s guide.Source) map[string]string {
	return map[string]string{"title": s.Title, "url": s.URL, "copy": s.Copy.String(), "find": strings.Join(s.Find, "\n")}
}

func sourceField(i int, part string) string { return fmt.Sprintf("source-%d-%s", i+1, part) }

func read(values url.Values, name string, v reflect.Value, wrong *fault.Invalid) {
	switch v.Interface().(type) {
	case string:
		v.SetString(yamlform.Trim(values.Get(name)))
	case int:
		if n, err := strconv.Atoi(cmp.Or(values.Get(name), "0")); err != nil {
			wrong.Add(name, "Expected a whole number.")
		} else {
			v.SetInt(int64(n))
		}
	case guide.Order:
		v.Set(reflect.ValueOf(guide.Order(given(values[name]))))
	case []string:
		v.Set(reflect.ValueOf(inOrderOf(v.Interface().([]string), given(values[name]))))
	case map[string]string:
		v.Set(reflect.ValueOf(mapped(values, name)))
	case []guide.Source:
		list, mistakes := sources(values)
		if *wrong = append(*wrong, mistakes...); len(mistakes) == 0 {
			v.Set(reflect.ValueOf(list))
		}
	default:
		for inner, field := range guide.Fields(v) {
			read(values, name+"."+inner, field, wrong)
		}
	}
}

// given returns the texts that are not empty, nil for none.
func given(texts []string) (list []string) {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// inOrderOf returns the chosen words, those of before first, in their order: boxes to tick stand in an order of their own.
func inOrderOf(before, chosen []string) (list []string) {
	for _, word := range slices.Concat(before, chosen) {
		if slices.Contains(chosen, word) && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// mapped returns the texts of the fields "name.KEY" by key, nil if all are empty.
func mapped(values url.Values, name string) map[string]string {
	var texts map[string]string
	for field := range values {
		key, below := strings.CutPrefix(field, name+".")
		text := yamlform.Trim(values.Get(field))
		if !below || text == "" {
			continue
		}
		if texts == nil {
			texts = map[string]string{}
		}
		texts[key] = text
	}
	return texts
}

// sources returns the sources of a form without empty ones, and the dates that cannot be read.
func sources(values url.Values) (list []guide.Source, wrong fault.Invalid) {
	for i := range MaxSources {
		field := func(part string) string { return strings.TrimSpace(values.Get(sourceField(i, part))) }
		s := guide.Source{Title: field("title"), URL: field("url"), Find: given(strings.Split(field("find"), "\n"))}
		if err := s.Copy.UnmarshalText([]byte(field("copy"))); err != nil {
			wrong.Add(sourceField(i, "copy"), yamlform.Sentence(err.Error()))
		}
		if s.Title != "" || s.URL != "" || len(s.Find) > 0 || !s.Copy.IsZero() {
			list = append(list, s)
		}
	}
	return list, wrong
}

var (
	sourcePath = regexp.MustCompile(`^sources\[(\d+)\]`)
	lastIndex  = regexp.MustCompile(`\[\d+\]$`)
)

// FormField returns the name of the web form's field for a path below what the form changes: "sources[0].find[1]" is
// "source-1-find", "rests_on[2]" is "rests_on".
func FormField(path string) string {
	path = strings.TrimPrefix(path, ".")
	if found := sourcePath.FindStringSubmatch(path); found != nil {
		i, _ := strconv.Atoi(found[1])
		part := strings.TrimPrefix(strings.TrimPrefix(path, found[0]), ".")
		if part == "" {
			part = "title"
		}
		return sourceField(i, lastIndex.ReplaceAllString(part, ""))
	}
	return lastIndex.ReplaceAllString(path, "")
}
