package yamlform

import (
	"fmt"
	"strings"

	"tiebreak/internal/guide"
)

// exampleWord marks the words of an example that the author has not replaced yet.
const exampleWord = "EXAMPLE"

// Example returns a commented guide that compares the options, as a file to start from. It passes the check, which warns
// of each text that still holds the example's words.
func Example(slugs []string) string {
	perOption := func(format string) string {
		var lines strings.Builder
		for i, slug := range slugs {
			lines.WriteString(strings.NewReplacer("OPTION", slug, "NUMBER", fmt.Sprint(i+1)).Replace(format))
		}
		return strings.TrimSuffix(lines.String(), "\n")
	}
	return strings.NewReplacer(
		"SLUG", strings.Join(slugs, "-vs-"), "LIST", strings.Join(slugs, ", "), "FIRST", slugs[0],
		"TITLE", strings.Join(slugs, " vs "),
		"#ANSWERS", perOption("  OPTION: EXAMPLE for this kind of project, in one sentence.\n"),
		"#VALUES", perOption("      OPTION: EXAMPLE value NUMBER.\n"),
		"#TEXTS", perOption("      OPTION: EXAMPLE of how it does this (NUMBER).\n"),
		"#CONDITIONS", perOption("  OPTION:\n    - {id: reason-NUMBER, text: EXAMPLE reason NUMBER., weight: 1, rests_on: "+
			"[licence]}\n"),
	).Replace(exampleGuide)
}

// ExampleOption returns a commented option, as a file to start from.
func ExampleOption(slug string, today guide.Date) string {
	return strings.NewReplacer("SLUG", slug, "TODAY", today.String(), "NEXTYEAR",
		guide.Day(today.Day.AddDate(1, 0, 0)).String()).Replace(exampleOption)
}

const exampleGuide = `# A guide compares 2 to 4 options. Replace every text that says EXAMPLE, then run: tiebreak guide check FILE
# All longer texts are Markdown. [^1] cites the first source beside the text. [estimated], [unknown] and [our judgement]
# are shown as labels. Put a text in quotes if it contains a colon, a # or begins with a special character.
guide: SLUG             # the end of the page's address: lower-case letters, digits and hyphens
title: "TITLE"
subtitle: EXAMPLE subtitle, printed under the title.
options: [LIST]         # in the order of the page; each needs a file of its own: tiebreak guide new OPTION
field: EXAMPLE field    # the heading under which lists show it, such as Web frameworks
formerly: []            # after a rename: the old names, so that old links lead here
answer:                 # one sentence per option, shown first; it continues "Choose it"
#ANSWERS
level:                  # what you recommend when a reader's reasons come out equal
  take: FIRST           # one of the options
  why: EXAMPLE reason for this choice.
intro: |-               # Markdown; the line |- lets a text run over several lines
  EXAMPLE introduction. It cites its first source.[^1]
sources:                # of the introduction and the verdict; copy is the date of a stored copy, if you read one
  - {title: EXAMPLE source, url: "https://example.org/"}
summary:                # one row per criterion: either a fact that every option has, or values of your own judgement
  - {criterion: licence, label: Licence, fact: licence, edge: even, why: EXAMPLE reason why nobody is ahead.}
  - criterion: learning # a name that nothing else in this list has
    label: Learning curve
    values:
#VALUES
    edge: FIRST         # the option that is ahead, or even
    why: EXAMPLE reason why it is ahead.
dimensions:             # sections of the detailed comparison; each may have sources of its own
  - dimension: daily-work
    title: EXAMPLE section
    text:
#TEXTS
    means: EXAMPLE of what this means in practice.
verdict:
  headline: EXAMPLE recommendation in one line.
  text: EXAMPLE grounds of the recommendation.
  rests_on: [licence]   # criteria: when one of their facts changes, the verdict is marked as being re-read
conditions:             # the "choose X when" lists; weight is 1 to 3, an id never changes because shared links carry it
#CONDITIONS
questions:              # frequently asked questions; may be []
  - {id: first-question, question: "EXAMPLE question?", answer: EXAMPLE answer., rests_on: [licence]}
call:                   # above the form
  heading: EXAMPLE heading
  text: EXAMPLE invitation to ask you.
`

const exampleOption = `# An option is one thing that guides compare. Replace every text that says EXAMPLE, then run: tiebreak guide check FILE
option: SLUG            # its name in addresses and guides: lower-case letters, digits and hyphens
name: SLUG EXAMPLE      # as readers know it
kind: EXAMPLE kind      # what it is, such as Full-stack web framework
homepage: https://example.org/
facts:                  # shown on every guide that names the fact; other guides use the same facts
  licence:
    value: EXAMPLE value
    detail: EXAMPLE detail, may be left out.
    confidence: verified  # verified, estimated or unknown; an unknown fact has no value
    checked: TODAY   # the day on which you last checked it
    review: NEXTYEAR    # the day by which to check it again, may be left out
    sources:
      - {title: EXAMPLE source, url: "https://example.org/"}
`
