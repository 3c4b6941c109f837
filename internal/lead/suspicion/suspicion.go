// Package suspicion judges whether a lead may be spam. Start with Judge.
package suspicion

import (
	_ "embed"
	"strings"
	"sync"
	"time"

	"tiebreak/internal/lead"
)

// suspected is the sum of points from which a lead is suspect. People have links to show, a web address as company, code in
// their text, and password managers that fill in hidden fields: neither one of these nor two together are enough.
const suspected = 10

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

// Judge lists the causes to suspect a lead and reports whether they are enough. Points add up; a suspect is kept all the same.
func Judge(c lead.Contents, s lead.Signals, others RecentActivity) (causes []lead.Cause, enough bool) {
	points := 0
	add := func(cause lead.Cause, n int) {
		if n > 0 {
			causes, points = append(causes, cause), points+n
		}
	}
	hasty := s.Stamped && s.Age < minFillTime
	if strings.TrimSpace(s.Honeypot) != "" { // programs do it, and so do password managers
		add(lead.Trapped, 4-when(hasty && s.Age >= minRestoreTime, 1)) // which may be why it was sent that fast
	}
	switch {
	case s.StampForged:
		add(lead.ForgedStamp, suspected) // nobody writes one by mistake
	case hasty:
		add(lead.Hasty, 6)
	case s.Undrawn:
		add(lead.Undrawn, 6)
	case s.NoScript:
		add(lead.NoScript, 3)
	}
	// One signal: a form that is sent again has the same words again.
	if stamp, text := others.SameStamp.points(), others.SameText.points(); stamp >= text {
		add(lead.Replayed, stamp)
	} else {
		add(lead.RepeatedText, text)
	}
	add(lead.ManyAtOnce, when(others.FromClient >= 30, 1)+when(others.FromClient >= 60, 1))
	judgeWords(c, add)
	return causes, points >= suspected
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
