package edit

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/web/page"
	"tiebreak/templates/form"
	"tiebreak/templates/options"
)

// seenVersion returns the version of the fact that the form was drawn with, which is zero for a new fact.
func seenVersion(values url.Values, history []guide.FactVersion) (guide.FactVersion, error) {
	seen, err := page.ParseID(values.Get("seen"))
	if err != nil || seen == 0 {
		return guide.FactVersion{}, err
	}
	if v, found := versionIn(history, int(seen)); found {
		return v, nil
	}
	return guide.FactVersion{}, page.ErrDamagedForm
}

// versionIn returns the version with the number, and whether the history has it.
func versionIn(history []guide.FactVersion, number int) (guide.FactVersion, bool) {
	i := slices.IndexFunc(history, func(v guide.FactVersion) bool { return v.Version == number })
	if i < 0 {
		return guide.FactVersion{}, false
	}
	return history[i], true
}

// readForm returns what was typed over the version that the form was drawn with: a form that lacks a field leaves it as it was.
func readForm(values url.Values, before guide.FactVersion, cited []guide.Source) options.FactForm {
	typed := options.FormOf(before.Fact)
	for name, field := range map[string]*string{
		"value": &typed.Value, "detail": &typed.Detail, "checked": &typed.Checked, "review": &typed.Review, "back": &typed.Back,
	} {
		if values.Has(name) {
			*field = page.Text(values, name)
		}
	}
	if values.Has("confidence") {
		typed.Confidence = guide.Confidence(page.OneLine(values, "confidence"))
	}
	if numbers := sourceNumbers(values); len(numbers) > 0 {
		typed.Sources = readSources(values, numbers)
	}
	for _, s := range cited {
		if slices.Contains(values["pick"], s.URL) {
			typed.Sources = append(typed.Sources, form.SourceOf(s))
		}
	}
	return typed
}

var sourceField = regexp.MustCompile(`^source-([1-9]\d{0,5})-(?:title|url|copy|find)$`)

// sourceNumbers returns the numbers of the sources of which the form has a field, in their order.
func sourceNumbers(values url.Values) []int {
	var numbers []int
	for name := range values {
		if match := sourceField.FindStringSubmatch(name); match != nil {
			n, _ := strconv.Atoi(match[1])
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// readSources returns the sources with the numbers that hold something and are not to be removed.
func readSources(values url.Values, numbers []int) []form.Source {
	var sources []form.Source
	for _, n := range numbers {
		text := func(field string) string { return page.Text(values, form.SourceName(n, field)) }
		s := form.Source{Title: text("title"), URL: text("url"), Copy: text("copy"), Find: text("find")}
		empty := strings.TrimSpace(s.Title+s.URL+s.Copy+s.Find) == ""
		if !empty && text("remove") == "" {
			sources = append(sources, s)
		}
	}
	return sources
}

// parseFact returns the fact that was typed, and what is wrong with it by the names of the fields.
func parseFact(key string, typed options.FactForm, today guide.Date, renew bool) (guide.Fact, fault.Invalid) {
	wrong := tooLongIn(typed)
	day := func(name, text string) (d guide.Date) {
		if err := d.UnmarshalText([]byte(strings.TrimSpace(text))); err != nil && wrong.For(name) == "" {
			wrong.Add(name, yamlform.Sentence(err.Error()))
		}
		return d
	}
	f := guide.Fact{
		Value: yamlform.Trim(typed.Value), Detail: yamlform.Trim(typed.Detail), Confidence: typed.Confidence,
		Checked: day("checked", typed.Checked), Review: day("review", typed.Review),
	}
	for i, s := range typed.Sources {
		f.Sources = append(f.Sources, guide.Source{
			Title: yamlform.Trim(s.Title), URL: yamlform.Trim(s.URL), Copy: day(form.SourceName(i+1, "copy"), s.Copy),
			Find: lines(s.Find),
		})
	}
	if renew && len(wrong) == 0 {
		f = f.CheckedAgain(today)
	}
	for _, found := range yamlform.CheckFact(key, f, today) {
		addFinding(&wrong, found, fieldOf(found.Path))
	}
	return f, wrong
}

// tooLongIn returns the fields that are too long. Their other mistakes are left out, because the messages would repeat the text.
func tooLongIn(typed options.FactForm) fault.Invalid {
	var wrong fault.Invalid
	tooLong(&wrong, "value", typed.Value, maxText)
	tooLong(&wrong, "detail", typed.Detail, maxText)
	tooLong(&wrong, "confidence", string(typed.Confidence), maxSlug)
	tooLong(&wrong, "checked", typed.Checked, maxSlug)
	tooLong(&wrong, "review", typed.Review, maxSlug)
	for i, s := range typed.Sources {
		tooLong(&wrong, form.SourceName(i+1, "title"), s.Title, maxText)
		tooLong(&wrong, form.SourceName(i+1, "url"), s.URL, maxText)
		tooLong(&wrong, form.SourceName(i+1, "copy"), s.Copy, maxSlug)
		tooLong(&wrong, form.SourceName(i+1, "find"), s.Find, maxText)
	}
	return wrong
}

// lines returns the lines of a text that hold something.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = yamlform.Trim(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// sourcePath matches the path of a part of a source, such as "sources[0].find[1]".
var sourcePath = regexp.MustCompile(`^sources\[(\d+)\]\.(\w+)`)

// fieldOf returns the name of the field that holds the value at the path.
func fieldOf(path string) string {
	if match := sourcePath.FindStringSubmatch(path); match != nil {
		n, _ := strconv.Atoi(match[1])
		return form.SourceName(n+1, match[2])
	}
	return path
}

// addFinding adds a mistake, in the words of guide check, to the field. A field shows the first one.
func addFinding(wrong *fault.Invalid, found yamlform.Finding, field string) {
	if !found.Warning && wrong.For(field) == "" {
		wrong.Add(field, yamlform.Sentence(found.Message))
	}
}

// notes returns what guide check warns of in a fact, but for what its page shows anyway.
func notes(key string, f guide.Fact, today guide.Date) []string {
	var all []string
	for _, found := range yamlform.CheckFact(key, f, today) {
		if found.Warning && found.Path != "review" {
			all = append(all, yamlform.Sentence(found.Message))
		}
	}
	return all
}
