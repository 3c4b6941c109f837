package ui

import "tiebreak/internal/lead"

// NotSpam is the button that clears a suspect.
const NotSpam = "Not spam"

// CauseWords say to staff why a lead is suspect, as a clause: "it has several links".
var CauseWords = map[lead.Cause]string{
	lead.Trapped:       "a field that people do not see was filled in",
	lead.Undrawn:       "it was sent without opening our form",
	lead.NoScript:      "it came from a browser without JavaScript",
	lead.Hasty:         "it was sent faster than a person types",
	lead.ForgedStamp:   "the time in the form is forged",
	lead.Replayed:      "the same form was sent several times",
	lead.Links:         "it has several links",
	lead.MostlyLinks:   "it is mostly links",
	lead.LinkInName:    "the name is a link",
	lead.LinkInCompany: "the company is a link",
	lead.LinkMarkup:    "it contains HTML or forum code",
	lead.Pitch:         "it reads like an advertisement",
	lead.RandomLetters: "it has random letters instead of words",
	lead.RepeatedText:  "the same text was sent several times",
	lead.ManyAtOnce:    "many requests came from the same network",
	lead.ThrowAway:     "the email address is disposable",
}
