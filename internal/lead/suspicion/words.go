package suspicion

import (
	"regexp"
	"strings"
	"unicode"

	"tiebreak/internal/lead"
)

var (
	link = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"\]]*|\bwww\.[a-z0-9-][^\s<>"\]]*`)
	// not of one's own page
	anchors = regexp.MustCompile(`(?is)<a\s[^>]*\bhref\s*=\s*["']?\s*(?:https?:|www\.|//)[^>]*>.*?(?:</a>|$)`)
	bbCode  = regexp.MustCompile(`(?is)\[(?:url|link)(?:=[^\]]*)?\].*?(?:\[/(?:url|link)\]|$)`)
)

// judgeWords adds the causes that the words themselves give, with 0 points for those that they do not.
func judgeWords(c lead.Contents, add func(cause lead.Cause, points int)) {
	html, bb := anchors.MatchString(c.Project), bbCode.MatchString(c.Project)
	texts := strings.Join([]string{c.Name, c.Company, c.Project}, "\n")
	add(lead.Links, when(len(link.FindAllString(c.Project, 3)) == 3, 2))
	add(lead.MostlyLinks, when(mostlyLinks(c.Project), 2))
	add(lead.LinkInName, when(link.MatchString(c.Name), 4))
	// The own address of a person is often in both.
	add(lead.LinkInCompany, when(link.MatchString(c.Company) && !link.MatchString(c.Name), 1))
	// A text with both was not written for this form.
	add(lead.LinkMarkup, when(html || bb, 2)+when(html && bb, 4))
	add(lead.Pitch, pitch(texts))
	add(lead.RandomLetters, meaningless(oddities(c.Name), oddities(c.Company), oddities(c.Project)))
	add(lead.ThrowAway, when(thrownAway(c.Email), 5))
}

// when returns the points if it holds, and 0 otherwise.
func when(holds bool, points int) int {
	if holds {
		return points
	}
	return 0
}

// mostlyLinks reports a text with fewer than three words to a link; what a link is called is a part of the link.
func mostlyLinks(text string) bool {
	links := len(link.FindAllString(text, -1))
	rest := link.ReplaceAllString(bbCode.ReplaceAllString(anchors.ReplaceAllString(text, " "), " "), " ")
	words := strings.FieldsFunc(rest, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
	})
	return links > 0 && len(words) < 3*links
}

// topics are what spam sells; a request may well be about one of them.
var topics = append(phrases(
	`viagra|cialis|levitra|kamagra|tramadol|xanax|pills|pharmacy|weight loss|male enhancement`,
	`casinos?|betting|slots|poker|jackpots?|free spins|sportsbook`,
	`bitcoins?|btc|crypto(?:currency|currencies)?|forex|binary options|usdt|trading (?:bot|signals?|platform)|token presale`,
	`loans?|credit repair|payday|passive income|make money|inheritance|beneficiary|debt relief`,
	`porn|escorts?|hot girls|dating site|adult (?:videos?|chat)`,
	`replicas?|rolex|designer (?:bags|watches)|followers|explainer videos?|email lists?|bulk (?:emails?|sms)|virtual assistants?`,
), ranking...)

// pitches are how senders speak who want to sell: what they offer, what the reader has to do, what the reader gains.
var pitches = phrases(
	`(?:we|i) (?:can |could )?(?:offer|provide|specialize)|(?:our|my) (?:services?|packages?|prices|agency|experts|platform)|`+
		`can (?:help|boost|increase|improve|get|put|bring) (?:you|your)`,
	`click here|(?:buy|order|act|apply|join|register|sign up|start|invest|play) (?:it )?(?:now|today)|visit (?:our|my|us)|`+
		`(?:contact|answer|message) us|reply (?:now|today|to)|whats ?app|telegram|limited (?:time|offer)|hurry|`+
		`unsubscribe|opt[ -]?out`,
	`(?:best|lowest|small|low|good|great) prices?|cheap(?:est)?|affordable|discounts?|guarantee[ds]?|100 ?%|bonus(?:es)?|profits?|`+
		`risk[ -]free|promo ?code|no deposit|no (?:credit check|prescription)|earn|from only|free (?:audit|quote|trial|report)`,
)

// asking is how people speak who want something done.
var asking = phrases(
	`we (?:need|want|look for|are (?:looking|searching)|would like|have to|plan|must)|i (?:need|want|am looking)|` +
		`looking for (?:an?|some(?:one|body)|help)|` +
		`(?:could|can|would|do) you (?:help|build|make|do|tell|look|give|quote|have time|take)|help (?:us|me)|please (?:quote|advise)`,
)

// phrases compiles each group so that it finds whole words only, and what ends in a sign, such as "100%".
func phrases(groups ...string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(groups))
	for i, group := range groups {
		compiled[i] = regexp.MustCompile(`(?i)\b(?:` + group + `)(?:\b|\W|$)`)
	}
	return compiled
}

// pitch returns the points of a text that sells. Words alone are not enough, for every trade has customers who speak of it;
// what is offered for the reader's own site, by senders who ask for nothing, is not a request.
func pitch(text string) int {
	ways := matching(pitches, text)
	switch {
	case matching(topics, text) == 0:
		return ways
	case matching(ranking, text)*matching(aboutReader, text) > 0 && matching(asking, text) == 0 && offersRanking(text):
		return suspected
	case ways == 0:
		return 3
	}
	return 4
}

// matching counts the expressions that the text matches.
func matching(list []*regexp.Regexp, text string) (n int) {
	for _, expression := range list {
		n += when(expression.MatchString(text), 1)
	}
	return n
}

// meaningless returns the points of so many oddities in the name, the company and the project. Only letters in place of all
// three are enough: names are spelled in many ways, and companies like capitals.
func meaningless(name, company, project int) int {
	sum := name + company + project
	if min(name, company, project) == 0 {
		return min(sum, 4)
	}
	return min(sum+2, suspected)
}

// maxOdd bounds what one word counts.
const maxOdd = 4

// oddities counts, up to maxOdd, what is odd in a single long word of Latin letters: capitals after small letters, parts
// between those without a vowel, and consonants without an end. Any other text has none.
func oddities(text string) (n int) {
	word := strings.TrimSpace(text)
	if len(word) < 8 || strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }) {
		return 0
	}
	parts := strings.Fields(capitalAfterSmall.ReplaceAllString(word, "$1 $2"))
	n = len(parts) - 1
	for _, part := range parts {
		n += when(len(parts) > 1 && !strings.ContainsAny(part, vowels), 1)
	}
	return min(n+when(consonants.MatchString(word), 3), maxOdd)
}

const vowels = "aeiouyAEIOUY"

var (
	capitalAfterSmall = regexp.MustCompile(`([a-z])([A-Z])`)
	consonants        = regexp.MustCompile(`(?i)[^aeiouy]{9}`) // "Borschtsch" and "Weihnachtsschmuck" have up to eight
)
