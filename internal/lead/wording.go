package lead

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	link    = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"\]]*|\bwww\.[a-z0-9-][^\s<>"\]]*`)
	anchors = regexp.MustCompile(`(?is)<a\s[^>]*\bhref\s*=\s*["']?\s*(?:https?:|www\.|//)[^>]*>.*?(?:</a>|$)`) // not of one's own page
	bbCode  = regexp.MustCompile(`(?is)\[(?:url|link)(?:=[^\]]*)?\].*?(?:\[/(?:url|link)\]|$)`)
)

// wording is a cause that the words themselves give, with its points.
type wording struct {
	cause  Cause
	points int
}

// wordings lists what the words themselves give to suspect, with 0 points for what they do not.
func (c Contents) wordings() []wording {
	html, bb := anchors.MatchString(c.Project), bbCode.MatchString(c.Project)
	texts := strings.Join([]string{c.Name, c.Company, c.Project}, "\n")
	return []wording{
		{Links, when(len(link.FindAllString(c.Project, 3)) == 3, 2)},
		{MostlyLinks, when(mostlyLinks(c.Project), 2)},
		{LinkInName, when(link.MatchString(c.Name), 8)},
		{LinkInCompany, when(link.MatchString(c.Company), 1)},
		{LinkMarkup, when(html || bb, 2) + when(html && bb, 4)}, // both: it was not written for this form
		{Pitch, pitch(texts)},
		{RandomLetters, min(when(random(c.Name), 5)+when(random(c.Company), 5)+when(random(c.Project), 5), suspected)},
		{ThrowAway, when(thrownAway(c.Email), 5)},
	}
}

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
	words := strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’' })
	return links > 0 && len(words) < 3*links
}

// topics are what spam sells; a request may well be about one of them.
var topics = phrases(
	`seo|back ?links?|link building|guest posts?|search engine|domain authority|organic traffic|web ?traffic|`+
		`(?:google|search) rankings?|rank(?:ing)? (?:higher|on)|first page of google`,
	`viagra|cialis|levitra|kamagra|tramadol|xanax|pills|pharmacy|weight loss|male enhancement`,
	`casinos?|betting|slots|poker|jackpots?|free spins|sportsbook`,
	`bitcoins?|btc|crypto(?:currency|currencies)?|forex|binary options|usdt|trading (?:bot|signals?|platform)|token presale`,
	`loans?|credit repair|payday|passive income|make money|inheritance|beneficiary|debt relief`,
	`porn|escorts?|hot girls|dating site|adult (?:videos?|chat)`,
	`replicas?|rolex|designer (?:bags|watches)|followers|explainer videos?|email lists?|bulk (?:emails?|sms)|virtual assistants?`,
)

// pitches are how senders speak who want to sell: what they offer, what the reader is to do, what the reader gains.
var pitches = phrases(
	`(?:we|i) (?:can |could )?(?:offer|provide|specialize)|(?:our|my) (?:services?|packages?|prices|agency|experts|platform)|`+
		`can (?:help|boost|increase|improve|get|put|bring) (?:you|your)`,
	`click here|(?:buy|order|act|apply|join|register|sign up|start|invest|play) (?:it )?(?:now|today)|visit (?:our|my|us)|`+
		`(?:contact|answer|message) us|reply (?:now|today|to)|whats ?app|telegram|limited (?:time|offer)|hurry|unsubscribe|opt[ -]?out`,
	`(?:best|lowest|small|low|good|great) prices?|cheap(?:est)?|affordable|discounts?|guarantee[ds]?|100 ?%|bonus(?:es)?|profits?|`+
		`risk[ -]free|promo ?code|no deposit|no (?:credit check|prescription)|earn|from only|free (?:audit|quote|trial|report)`,
)

// aboutReader is how a sender speaks of the reader's site, where people who ask for work speak of their own.
var aboutReader = phrases(
	`your (?:web ?sites?|site|business|blog|online presence|rankings?|visibility|traffic|sales|customers)|` +
		`(?:dear|hello|hi) (?:sir|madam|owner|webmaster|friend|admin|business owner)`,
)

func phrases(groups ...string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(groups))
	for i, group := range groups {
		compiled[i] = regexp.MustCompile(`(?i)\b(?:` + group + `)\b`)
	}
	return compiled
}

// pitch returns the points of a text that sells. Without a topic of spam its manner weighs little: customers may speak so too.
func pitch(text string) int {
	topic, ways, reader := matching(topics, text), matching(pitches, text), matching(aboutReader, text)
	if topic == 0 {
		return ways + reader
	}
	return 3 + 2*ways + 3*reader
}

// matching counts the expressions that the text matches.
func matching(list []*regexp.Regexp, text string) (n int) {
	for _, expression := range list {
		n += when(expression.MatchString(text), 1)
	}
	return n
}

// random reports a single word of Latin letters that nobody speaks: with capitals all over it, or hardly a vowel.
func random(text string) bool {
	word := strings.TrimSpace(text)
	if len(word) < 8 {
		return false
	}
	var capitals, vowels, run, longest int
	for i, r := range word {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) {
			return false
		}
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(word[i-1])) {
			capitals++
		}
		if run++; strings.ContainsRune("aeiouyAEIOUY", r) {
			vowels, run = vowels+1, 0
		}
		longest = max(longest, run)
	}
	return capitals >= 2 || longest >= 6 || 5*vowels < len(word)
}
