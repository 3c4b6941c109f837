package yamlform

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tiebreak/internal/guide"
)

// Check returns what is wrong in files that have the form: whether they say what a page needs, and whether it fits together.
// Options and facts that no file holds are not a mistake: the database may have them. It returns the findings of the reading
// too, all in order.
func Check(files []File, reading []Finding, today guide.Date) []Finding {
	c := checker{today: today, options: optionsIn(files), findings: slices.Clone(reading)}
	return c.check(files)
}

func (c *checker) check(files []File) []Finding {
	for _, c.file = range files {
		switch {
		case c.file.Option != nil:
			c.option(c.file.Option)
		case c.file.Guide != nil:
			c.guide(c.file.Guide)
		case c.file.Site != nil:
			c.site(c.file.Site)
		}
		for _, t := range c.file.texts {
			c.shown(t.path, t.text)
			c.lengths(t.path, t.text)
		}
	}
	c.once(files)
	c.repetitions(files)
	return inOrder(c.findings)
}

// CheckGuide checks a guide together with the options that it compares, as Check would its file, but calls options and rows by
// their names. It returns the guide as its file is read.
func CheckGuide(g guide.Guide, options []guide.Option) (guide.Guide, []Finding, error) {
	g.BasedOn = ""
	text, err := YAML(g)
	if err != nil {
		return g, nil, err
	}
	files, findings := Read([]Text{{Name: guideFile, Content: text}})
	for _, o := range options {
		files = append(files, File{Option: &o})
	}
	c := checker{options: optionsIn(files), findings: findings, named: true}
	findings = slices.DeleteFunc(c.check(files), func(f Finding) bool { return f.File != guideFile })
	if files[0].Guide != nil {
		g = *files[0].Guide
	}
	return g, findings, nil
}

// guideFile names the guide of CheckGuide in its findings.
const guideFile = "guide.yaml"

func optionsIn(files []File) map[string]*guide.Option {
	options := map[string]*guide.Option{}
	for _, f := range files {
		if f.Option != nil {
			options[f.Option.Slug] = f.Option
		}
	}
	return options
}

// Undefined warns of options that the guides name and no file holds: whether they exist was not checked.
func Undefined(files []File) []Finding {
	c := checker{options: optionsIn(files)}
	for _, c.file = range files {
		if c.file.Guide == nil {
			continue
		}
		for i, o := range c.file.Guide.Options {
			if IsSlug(o) && c.options[o] == nil {
				c.warn(item("options", i), "%s is not in these files, so its facts were not checked", o)
			}
		}
	}
	return c.findings
}

// pictured matches the paths of the texts that the picture of a guide shows.
var pictured = pathsOf("name", "answer.X")

// Undrawn warns of characters that the picture of a guide shows nothing for: in the names of options, the answers and the
// name of the studio. The page shows them.
func Undrawn(files []File, draws func(rune) bool) []Finding {
	c := checker{}
	for _, c.file = range files {
		for _, t := range c.file.texts {
			if !pictured.MatchString(t.path) {
				continue
			}
			missing := map[rune]bool{}
			for _, r := range guide.PlainText(t.text) {
				if !draws(r) {
					missing[r] = true
				}
			}
			if len(missing) > 0 {
				c.warn(t.path, "the picture that stands for a link leaves out %s", string(slices.Sorted(maps.Keys(missing))))
			}
		}
	}
	return c.findings
}

type checker struct {
	today    guide.Date
	options  map[string]*guide.Option // of all files, by slug
	named    bool                     // messages call options and rows by their names
	file     File                     // under judgement
	findings []Finding
}

func (c *checker) wrong(path, format string, args ...any) {
	c.find(Finding{Path: path, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) warn(path, format string, args ...any) {
	c.find(Finding{Path: path, Message: fmt.Sprintf(format, args...), Warning: true})
}

// find adds a finding with its place, unless the reading has reported what it follows from.
func (c *checker) find(f Finding) {
	if c.file.misshapen(f.Path) {
		return
	}
	p := c.file.place(f.Path)
	f.File, f.Line, f.Column = c.file.Name, p.line, p.column
	c.findings = append(c.findings, f)
}

// IsSlug reports whether a name can be part of an address.
func IsSlug(name string) bool { return slugForm.MatchString(name) }

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// maxSlug is how long a name in an address may be, far below what an index of the database has room for.
const maxSlug = 200

func (c *checker) slug(path, slug string) {
	switch {
	case slug == "":
		c.missing(path)
	case !IsSlug(slug):
		c.wrong(path, "%s must be lower-case letters, digits and single hyphens, such as rails-vs-laravel", guide.Quoted(slug))
	case len(slug) > maxSlug:
		c.wrong(path, "this has %d characters: shorten it to %d", len(slug), maxSlug)
	}
}

func (c *checker) given(path, text string) {
	if text == "" {
		c.missing(path)
	}
}

func (c *checker) missing(path string) {
	c.find(Finding{Path: path, Message: missing})
}

// oneOf checks a choice among the options that the guide compares, and perhaps more words.
func (c *checker) oneOf(path, choice string, g *guide.Guide, more ...string) {
	choices := append(slices.Clone(g.Options), more...)
	switch {
	case choice == "":
		c.missing(path)
	case len(g.Options) > 0 && !slices.Contains(choices, choice):
		for i := range choices {
			choices[i] = c.name(choices[i])
		}
		c.wrong(path, "%s is not one of %s", guide.Quoted(choice), strings.Join(choices, ", "))
	}
}

// name returns what an option or a result is called: its word in files, or its name for a reader of pages.
func (c *checker) name(word string) string {
	if !c.named {
		return word
	}
	switch word {
	case guide.Even:
		return "a tie"
	case guide.Both:
		return "several of them"
	case guide.None:
		return "none of them"
	}
	if o := c.options[word]; o != nil {
		return o.Name
	}
	return word
}

// row returns what a row of the summary is called, like name.
func (c *checker) row(g *guide.Guide, id string) string {
	for _, row := range g.Summary {
		if c.named && row.ID == id && row.Label != "" {
			return "“" + row.Label + "”"
		}
	}
	return id
}

func (c *checker) address(path, address string) {
	switch {
	case address == "":
		c.missing(path)
	case !isWebAddress(address):
		c.wrong(path, "%s is not a web address: write all of it, with https://", guide.Quoted(address))
	}
}

// isWebAddress reports whether the text is the whole address of a web page.
func isWebAddress(typed string) bool {
	u, err := url.Parse(typed)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// once checks that no two files hold the same thing: the import would silently keep the last.
func (c *checker) once(files []File) {
	first := map[string]string{}
	for _, c.file = range files {
		subject := c.file.Subject()
		path, _, _ := strings.Cut(subject, " ")
		other, twice := first[subject]
		switch {
		case subject == "":
		case !twice:
			first[subject] = c.file.Name
		case c.file.Site != nil:
			c.wrong("", "%s has the same site", other)
		default:
			c.wrong(path, "%s has the same %s", other, path)
		}
	}
}

// sentence ends at a full stop, a question mark or a new line.
var sentence = regexp.MustCompile(`[^.?!\n]+`)

// repetitions warns of a sentence of eight words or more that stands twice: readers feel the template.
func (c *checker) repetitions(files []File) {
	seen := map[string]string{}
	for _, c.file = range files {
		for _, t := range c.file.texts {
			if !isProse(t.path) {
				continue
			}
			for _, s := range sentence.FindAllString(t.text, -1) {
				words := strings.Fields(strings.ToLower(norm.NFC.String(s)))
				said := strings.Join(words, " ")
				switch first, repeated := seen[said]; {
				case len(words) < 8 || strings.Contains(s, exampleWord):
				case repeated:
					c.warn(t.path, "this sentence is also at %s: %q", first, strings.TrimSpace(s))
				default:
					seen[said] = fmt.Sprintf("%s:%d", c.file.Name, c.file.place(t.path).line)
				}
			}
		}
	}
}
