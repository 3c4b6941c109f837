package lead

import (
	_ "embed"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"tiebreak/internal/text"
)

// Cause is one reason to suspect that a lead is spam.
type Cause string

const (
	Trapped       Cause = "trapped"        // a field was filled in that people do not see
	Undrawn       Cause = "undrawn"        // sent without what all our forms carry
	NoScript      Cause = "no-script"      // from the form at the end of a guide, in a browser without script
	Hasty         Cause = "hasty"          // sent faster than a person types
	ForgedStamp   Cause = "forged-stamp"   // the form's time was not written by us
	Replayed      Cause = "replayed"       // one drawn form was sent several times
	Links         Cause = "links"          // more links than most descriptions have
	MostlyLinks   Cause = "mostly-links"   // hardly any other words
	LinkInName    Cause = "links-in-names" // in the person's name
	LinkInCompany Cause = "link-in-company"
	LinkMarkup    Cause = "markup"         // links as forums and web pages write them
	Pitch         Cause = "pitch"          // words of people who sell
	RandomLetters Cause = "random-letters" // in place of a name or a text
	RepeatedText  Cause = "repeated-text"  // the same words were sent several times
	ManyAtOnce    Cause = "many-at-once"   // from one client address
	ThrowAway     Cause = "throw-away"     // an e-mail address made to be thrown away
)

// suspected is the sum of points from which a lead is suspect. People have links to show, a web address as company, code in
// their text, and password managers that fill in hidden fields: neither one of these nor two together are enough.
const suspected = 10

// Signals are what the form itself and its surroundings tell about its sender.
type Signals struct {
	Honeypot    string        // the value of the field that people do not see
	Undrawn     bool          // not one of our forms, which carry an edition, or a time with a key
	NoScript    bool          // the form at the end of a guide carried no key, which its script makes
	Stamped     bool          // the form carried the time at which it was drawn
	StampForged bool          // and that was not written by us
	Age         time.Duration // since then
}

// RecentActivity is what the database knows of other leads.
type RecentActivity struct {
	SameText   Repeats // with the same words, in the last week
	SameStamp  Repeats // from the same drawn form
	FromClient int     // from the same client address, in the last hour
}

// Repeats counts leads that are the same as one that arrives.
type Repeats struct {
	All int
	Own int // of those: from the same client address, or from the same drawn form under the same name
}

// maxCorrections is how often people go back and send their request again, corrected.
const maxCorrections = 3

// points returns the points of so many repeats: people send a request twice and correct it some times, programs go on.
func (r Repeats) points() int {
	others := r.All
	if r.Own <= maxCorrections {
		others -= r.Own
	}
	return []int{0, 3, 7, suspected}[min(others, 3)]
}

// MaxFromClient is how many new leads one client address may send in an hour; what is more is asked to wait.
const MaxFromClient = 120

const (
	// minFillTime is the shortest time in which a person fills the form in, with everything pasted.
	minFillTime = 3 * time.Second
	// minRestoreTime is the shortest time in which a person sends a form that their browser or password manager filled in again.
	minRestoreTime = time.Second
)

// Suspect lists the causes to suspect a lead and reports whether they are enough. Points add up; a suspect is kept all the same.
func Suspect(c Contents, s Signals, others RecentActivity) (causes []Cause, enough bool) {
	points := 0
	add := func(cause Cause, n int) {
		if n > 0 {
			causes, points = append(causes, cause), points+n
		}
	}
	hasty := s.Stamped && s.Age < minFillTime
	if strings.TrimSpace(s.Honeypot) != "" { // programs do it, and so do password managers
		add(Trapped, 4-when(hasty && s.Age >= minRestoreTime, 1)) // which may be why it was sent that fast
	}
	switch {
	case s.StampForged:
		add(ForgedStamp, suspected) // nobody writes one by mistake
	case hasty:
		add(Hasty, 6)
	case s.Undrawn:
		add(Undrawn, 6)
	case s.NoScript:
		add(NoScript, 3)
	}
	// One signal: a form that is sent again has the same words again.
	if stamp, text := others.SameStamp.points(), others.SameText.points(); stamp >= text {
		add(Replayed, stamp)
	} else {
		add(RepeatedText, text)
	}
	add(ManyAtOnce, when(others.FromClient >= 30, 1)+when(others.FromClient >= 60, 1))
	c.judgeWords(add)
	return causes, points >= suspected
}

// shortText is the length, in characters, up to which two people may say the same by chance.
const shortText = 40

// SameWords returns the text as it is compared with others', or "" if it is too short to tell.
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
