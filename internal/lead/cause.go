package lead

import (
	"strings"
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

// Signals are what the form itself and its surroundings tell about its sender.
type Signals struct {
	Honeypot    string        // the value of the field that people do not see
	Undrawn     bool          // not one of our forms, which carry an edition, or a time with a key
	NoScript    bool          // the form at the end of a guide carried no key, which its script makes
	Stamped     bool          // the form carried the time at which it was drawn
	StampForged bool          // and that was not written by us
	Age         time.Duration // since then
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
