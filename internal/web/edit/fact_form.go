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
	"tiebreak/templates/edit"
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
func readForm(values url.Values, before guide.FactVersion, cited []guide.Source) edit.FactForm {
	form := edit.FormOf(before.Fact)
	for name, field := range map[string]*string{
		"value": &form.Value, "detail": &form.Detail, "checked": &form.Checked, "review": &form.Review, "back": &form.Back,
	} {
		if values.Has(name) {
			*field = page.Text(values, name)
		}
	}
	if values.Has("confidence") {
		form.Confidence = guide.Confidence(page.OneLine(values, "confidence"))
	}
	if numbers := sourceNumbers(values); len(numbers) > 0 {
		form.Sources = readSources(values, numbers)
	}
	for _, s := range cited {
		if slices.Contains(values["pick"], s.URL) {
			form.Sources = append(form.Sources, edit.FormOfSource(s))
		}
	}
	return form
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
func readSources(values url.Values, numbers []int) []edit.SourceForm {
	var sources []edit.SourceForm
	for _, n := range numbers {
		text := func(field string) string { return page.Text(values, edit.SourceName(n, field)) }
		s := edit.SourceForm{Title: text("title"), URL: text("url"), Copy: text("copy"), Find: text("find")}
		empty := strings.TrimSpace(s.Title+s.URL+s.Copy+s.Find) == ""
		if !empty && text("remove") == "" {
			sources = append(sources, s)
		}
	}
	return sources
}

// parseFact returns the fact that the form says, and what is wrong with it by the names of the fields.
func parseFact(key string, form edit.FactForm, today guide.Date, renew bool) (guide.Fact, fault.Invalid) {
	wrong := tooLongIn(form)
	day := func(name, typed string) (d guide.Date) {
		if err := d.UnmarshalText([]byte(strings.TrimSpace(typed))); err != nil && wrong.For(name) == "" {
			wrong.Add(name, yamlform.Sentence(err.Error()))
		}
		return d
	}
	f := guide.Fact{
		Value: yamlform.Trim(form.Value), Detail: yamlform.Trim(form.Detail), Confidence: form.Confidence,
		Checked: day("checked", form.Checked), Review: day("review", form.Review),
	}
	for i, s := range form.Sources {
		f.Sources = append(f.Sources, guide.Source{
			Title: yamlform.Trim(s.Title), URL: yamlform.Trim(s.URL), Copy: day(edit.SourceName(i+1, "copy"), s.Copy),
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
func tooLongIn(form edit.FactForm) fault.Invalid {
	var wrong fault.Invalid
	tooLong(&wrong, "value", form.Value, longestText)
	tooLong(&wrong, "detail", form.Detail, longestText)
	tooLong(&wrong, "confidence", string(form.Confidence), longestSlug)
	tooLong(&wrong, "checked", form.Checked, longestSlug)
	tooLong(&wrong, "review", form.Review, longestSlug)
	for i, s := range form.Sources {
		tooLong(&wrong, edit.SourceName(i+1, "title"), s.Title, longestText)
		tooLong(&wrong, edit.SourceName(i+1, "url"), s.URL, longestText)
		tooLong(&wrong, edit.SourceName(i+1, "copy"), s.Copy, longestSlug)
		tooLong(&wrong, edit.SourceName(i+1, "find"), s.Find, longestText)
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
		return edit.SourceName(n+1, match[2])
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
