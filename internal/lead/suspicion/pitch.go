package suspicion

import "regexp"

// rankings are what senders sell who offer to have a site found.
const rankings = `seo|back ?links?|link building|guest posts?|search engine|domain authority|organic traffic|web ?traffic|` +
	`(?:google|search) rankings?|rank(?:ing)? (?:higher|on)|first page of google`

// readers is how a sender speaks of the reader's site, where people who ask for work speak of their own.
const readers = `your (?:web ?sites?|site|business|blog|online presence|rankings?|visibility|traffic|sales|customers)`

// gives is how a sender begins an offer.
const gives = `(?:we|i) (?:(?:can|could|will|would) )?(?:offer|provide|sell|specialize in|guarantee)\b`

var (
	ranking     = phrases(rankings)
	aboutReader = phrases(readers)

	// sentenceEnd finds the end of a sentence. A dot in an address or a price does not end one.
	sentenceEnd = regexp.MustCompile(`[.!?](?:\s|$)|\n`)

	// serves finds what a sender would do for the reader, and servesSite for the reader's site.
	serves = phrases(`(?:we|i|our (?:\w+ )?(?:team|agency|experts|company)) (?:(?:can|could|will|would|shall|may) )?(?:also )?` +
		`(?:help|get|put|bring|rank|boost|increase|improve|double|grow) (?:you|your)`)
	servesSite = phrases(gives + `.{0,60}\bfor ` + readers)

	// sells finds what is for sale, with the words before it.
	sells = regexp.MustCompile(`(?i)\b(?:` +
		gives + `(.{0,40}?)\b(?:` + rankings + `)|` +
		`(?:do|would) you (?:want|like|need)\b(.{0,60}?)\b(?:` + rankings + `)|` +
		`(?:our|my) (?:\w+ )?(?:` + rankings + `) (?:packages?|services?|plans?|experts?))\b`)

	// own are words before something that is the sender's, and not for sale: "we provide the SEO texts".
	own = regexp.MustCompile(`(?i)\b(?:our|my|its|their)\b|\bthe $`)
)

// nearby is how many sentences before and after an offer may speak of the reader's site.
const nearby = 2

// offersRanking reports whether the text offers to improve how the reader's site is found: in one sentence, or as something
// for sale near words about the reader's site, with a price or a call to act. Customers mention rankings and our blog too.
func offersRanking(text string) bool {
	sentences := sentenceEnd.Split(text, -1)
	for i, s := range sentences {
		if matching(servesSite, s) > 0 || matching(serves, s)*matching(ranking, s) > 0 {
			return true
		}
		if !forSale(s) || matching(pitches[1:], text) == 0 {
			continue
		}
		for _, near := range sentences[max(0, i-nearby):min(len(sentences), i+nearby+1)] {
			if matching(aboutReader, near) > 0 {
				return true
			}
		}
	}
	return false
}

// forSale reports whether the sentence offers what helps to have a site found.
func forSale(sentence string) bool {
	for _, m := range sells.FindAllStringSubmatch(sentence, -1) {
		if !own.MatchString(m[1] + m[2]) {
			return true
		}
	}
	return false
}
