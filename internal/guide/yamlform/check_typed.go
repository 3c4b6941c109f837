package yamlform

import (
	"strings"
	"unicode/utf8"

	"tiebreak/internal/guide"
)

// CheckFact returns what Check would find of the fact in the file of its option. The paths begin below the fact: "value",
// "sources[0].url"; that of the whole fact is "".
func CheckFact(key string, f guide.Fact, today guide.Date) []Finding {
	fact := at("facts", key)
	c := checker{today: today}
	c.fact(fact, key, f)
	if f.Confidence == guide.Verified && len(f.Sources) == 0 {
		c.wrong(at(fact, "confidence"), "a verified fact needs a source: add one, or choose another confidence")
	}
	if f.Checked.Day.After(today.Day) {
		c.wrong(at(fact, "checked"), "this day is still to come: enter the day on which you read the sources")
	}
	c.typed(at(fact, "value"), f.Value)
	c.typed(at(fact, "detail"), f.Detail)
	for i, s := range f.Sources {
		source := item(at(fact, "sources"), i)
		c.typed(at(source, "title"), s.Title)
		c.typed(at(source, "url"), s.URL)
		for n, words := range s.Find {
			c.typed(item(at(source, "find"), n), words)
		}
	}
	for i, found := range c.findings {
		c.findings[i].Path = strings.TrimPrefix(strings.TrimPrefix(found.Path, fact), ".")
	}
	return c.findings
}

// CheckOption returns what Check would find of the option in a file, without its facts.
func CheckOption(o guide.Option) []Finding {
	o.Facts = nil
	c := checker{}
	c.option(&o)
	c.typed("name", o.Name)
	c.typed("kind", o.Kind)
	c.typed("homepage", o.Homepage)
	return c.findings
}

// CheckSite returns what Check would find of the site in its file, and which parts are too long for a form. Files have no such
// limits. The findings are in the order of the parts.
func CheckSite(s guide.Site) []Finding {
	c := checker{file: File{Site: s.All()}}
	for _, part := range s.Parts() {
		if n := utf8.RuneCountInString(*part.Text); n > part.Most {
			c.wrong(part.Name, "this has %d characters: shorten it to %d", n, part.Most)
			continue // the other messages would repeat the text
		}
		c.sitePart(part)
		c.typed(part.Name, *part.Text)
	}
	return c.findings
}

// typed checks a text that comes from a form.
func (c *checker) typed(path, text string) {
	if i := strings.IndexFunc(text, unshown); i >= 0 {
		c.wrong(path, controlCharacter, []rune(text[i:])[0])
	}
	c.shown(path, text)
	c.lengths(path, text)
}
