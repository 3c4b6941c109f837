package yamlform

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tiebreak/internal/email"
	"tiebreak/internal/guide"
)

// site checks the parts that a site.yaml gives.
func (c *checker) site(change *guide.SiteChange) {
	s, _ := change.Apply(guide.Site{})
	for _, part := range s.Parts() {
		c.sitePart(part)
	}
}

// sitePart checks a part, which may be blank.
func (c *checker) sitePart(part guide.SitePart) {
	switch text := *part.Text; {
	case text == "":
	case !strings.ContainsFunc(text, visible):
		c.wrong(part.Name, "nothing of this can be seen: leave it empty")
	case part.Name == "contact":
		c.contact(text)
	case part.Name == "imprint":
		c.address(part.Name, text)
	case part.Name == "budgets":
		c.budgets(guide.Words{Budgets: text}.SuggestedBudgets())
	}
}

// contact checks that visitors can write to the contact.
func (c *checker) contact(typed string) {
	if !isWebAddress(typed) && email.PublicProblem(typed) != "" {
		c.wrong("contact", "%s is not an email address or a web address: write one, such as hello@example.org or "+
			"https://example.org/contact", guide.Quoted(typed))
	}
}

func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

func (c *checker) budgets(budgets []string) {
	if n := len(budgets); n > guide.MaxBudgets {
		c.wrong("budgets", "there are %d suggestions: keep at most %d", n, guide.MaxBudgets)
	}
	for i, budget := range budgets {
		if n := utf8.RuneCountInString(budget); n > guide.MaxBudget {
			c.wrong("budgets", "suggestion %d has %d characters: shorten it to %d", i+1, n, guide.MaxBudget)
		}
	}
}
