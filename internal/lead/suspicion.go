package lead

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"tiebreak/internal/text"
)

// Cause is one reason to suspect that a lead is spam.
type Cause string

const (
	Trapped      Cause = "trapped"      // a field was filled in that people do not see
	Hasty        Cause = "hasty"        // sent faster than a person types
	ForgedStamp  Cause = "forged-stamp" // the form's time was not written by us
	Replayed     Cause = "replayed"     // a form sent before, with other words
	Links        Cause = "links"        // more links than a description needs
	LinksInNames Cause = "links-in-names"
	Markup       Cause = "markup"
	RepeatedText Cause = "repeated-text" // others sent the same words
	ManyAtOnce   Cause = "many-at-once"  // from one client address
	ThrowAway    Cause = "throw-away"    // an e-mail address made to be thrown away
)

// suspected is the sum of points from which a lead is suspect: no weak sign is enough alone.
const suspected = 3

// Signs are what the form itself and its surroundings tell about who sent it.
type Signs struct {
	Trap        string        // what stands in the field that people do not see
	Stamped     bool          // the form carried the time at which it was drawn
	StampForged bool          // and that was not written by us
	Age         time.Duration // since then
}

// Company is what came besides, from the database: numbers of other leads.
type Company struct {
	SameText   int // with the same words, in the last week
	SameStamp  int // from the same drawn form
	FromClient int // from the same client address, in the last hour
}

// MaxFromClient is how many new leads one client address may send in an hour; what is more is asked to wait.
const MaxFromClient = 120

// least is the shortest time in which a person fills the form in, with everything pasted.
const least = 3 * time.Second

var (
	link   = regexp.MustCompile(`(?i)\bhttps?://|\bwww\.[a-z0-9-]`)
	markup = regexp.MustCompile(`(?i)<a\s|\[url[=\]]|\[link[=\]]|</?(b|p|br|h1|script|img)\b[^>]*>`)
)

// Suspect lists the causes to suspect a lead and whether they are enough. Signs add up; a suspect is kept all the same.
func Suspect(c Contents, s Signs, others Company) (causes []Cause, enough bool) {
	points := 0
	add := func(cause Cause, n int) {
		if n > 0 {
			causes, points = append(causes, cause), points+n
		}
	}
	if strings.TrimSpace(s.Trap) != "" {
		add(Trapped, 3)
	}
	switch {
	case s.StampForged:
		add(ForgedStamp, 3) // nobody writes one by mistake
	case s.Stamped && s.Age < least:
		add(Hasty, 1) // browsers that fill in for people are fast too
	}
	add(Replayed, min(2*others.SameStamp, 3))
	add(Links, []int{0, 1, 1, 3}[min(len(link.FindAllString(c.Project, 4)), 3)])
	if link.MatchString(strings.Join([]string{c.Name, c.Company, c.Timeline, c.Budget}, " ")) {
		add(LinksInNames, 3)
	}
	if markup.MatchString(c.Project) {
		add(Markup, 2)
	}
	add(RepeatedText, step(others.SameText, 2, 5, 2))
	add(ManyAtOnce, step(others.FromClient, 30, 60, 1))
	if thrownAway(c.Email) {
		add(ThrowAway, 2)
	}
	return causes, points >= suspected
}

// step is 0 below some, then base, and one more from many on.
func step(n, some, many, base int) int {
	switch {
	case n >= many:
		return base + 1
	case n >= some:
		return base
	}
	return 0
}

// shortText is the length, in characters, up to which two people may say the same by chance.
const shortText = 40

// SameWords is the text as it is compared with others', or "" if it is too short to tell.
func (c Contents) SameWords() string {
	words := strings.Join(strings.Fields(text.Fold(c.Project)), " ")
	if utf8.RuneCountInString(words) <= shortText {
		return ""
	}
	return words
}

//go:embed throwaway.txt
var throwAwayList string

var throwAway = sync.OnceValue(func() map[string]bool {
	domains := map[string]bool{}
	for line := range strings.Lines(throwAwayList) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			domains[line] = true
		}
	}
	return domains
})

// thrownAway reports whether the address is of a known throw-away domain or one below it.
func thrownAway(email string) bool {
	domain := strings.ToLower(email[strings.LastIndexByte(email, '@')+1:])
	for domain != "" {
		if throwAway()[domain] {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return false
}
