package suspicion

import (
	"regexp"
	"strings"
	"testing"
)

// TestPatternsFindThePhrasesOfSpam has a phrase for each alternative of a pattern, separated by "|", and similar words that
// the pattern does not find.
func TestPatternsFindThePhrasesOfSpam(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		patterns []*regexp.Regexp
		found    []string // of each pattern
		other    string
	}{
		"links": {
			[]*regexp.Regexp{link},
			[]string{"see https://a.example/x|HTTP://A.EXAMPLE|www.a.example"},
			"a.example|www only",
		},
		"anchors": {
			[]*regexp.Regexp{anchors},
			[]string{`<a href="https://a.example">x</a>|<A class=b HREF=www.a.example>`},
			`<a href="/own">x</a>|<abbr>`,
		},
		"bbcode": {[]*regexp.Regexp{bbCode}, []string{"[url=http://a.example]x[/url]|[link]x[/link]"}, "urls[0]|[curl]"},
		"topics": {topics, []string{
			"Viagra|cialis|levitra|kamagra|tramadol|xanax|pills|pharmacy|weight loss|male enhancement",
			"casino|casinos|betting|slots|poker|jackpot|free spins|sportsbook",
			"bitcoin|BTC|crypto|cryptocurrency|cryptocurrencies|forex|binary options|USDT|trading bot|" +
				"trading signals|token presale",
			"loan|credit repair|payday|passive income|make money|inheritance|beneficiary|debt relief",
			"porn|escorts|hot girls|dating site|adult video|adult chat",
			"replica|rolex|designer bags|designer watches|followers|explainer video|email list|bulk email|" +
				"bulk sms|virtual assistant",
			"SEO|backlinks|back link|link building|guest post|search engine|domain authority|organic traffic|web traffic|" +
				"Google ranking|search rankings|rank higher|ranking on|first page of Google",
		}, "a booking system for a spa|loaning|seoul|cryptography"},
		"pitches": {pitches, []string{
			"we offer|I can provide|we could specialize|our services|my packages|our prices|our agency|our experts|" +
				"our platform|can help you|can boost your|can increase your|can improve your|can get you|can put you|" +
				"can bring you",
			"click here|buy now|order it today|act now|apply now|join today|register now|sign up now|start now|" +
				"invest today|play now|visit our|contact us|answer us|message us|reply now|reply to|WhatsApp|" +
				"whats app|telegram|limited time|limited offer|hurry|Hurry up|unsubscribe|opt-out|opt out",
			"best price|lowest prices|cheap|cheapest|affordable|discount|guarantee|guaranteed|100%|100 % of|bonus|" +
				"profits|risk-free|promo code|no deposit|no credit check|no prescription|earn|from only|free audit|" +
				"free quote|free trial|free report",
		}, "we want to replace our booking system|learn|earnings|they visit|in a hurried way"},
		"asking": {asking, []string{
			"we need|we want|we look for|we are looking|we would like|we have to|we plan|we must|I need|I want|I am looking|" +
				"looking for a|looking for someone|looking for help|could you help|can you build|would you take|" +
				"do you have time|help us|help me|please quote|please advise",
		}, "we sell|you need"},
		"the reader's site": {aboutReader, []string{
			"your website|your web sites|your site|your business|your blog|your online presence|your ranking|your visibility|" +
				"your traffic|your sales|your customers",
		}, "our website|yours"},
		"what a sender would do": {
			serves, []string{"we help you|our SEO team will also rank your|I can grow your"}, "you help us",
		},
		"what a sender would do for the site": {
			servesSite,
			[]string{"we offer better pages for your blog|I guarantee more for your sales"},
			"we offer a booking system",
		},
		"what is for sale": {
			[]*regexp.Regexp{sells},
			[]string{"we sell backlinks|do you want more web traffic|our SEO package"},
			"our packages|we need SEO",
		},
		"the sender's own":  {[]*regexp.Regexp{own}, []string{"our|my|its|their|with the "}, "your|the best"},
		"ends of sentences": {[]*regexp.Regexp{sentenceEnd}, []string{"Done. Next|Why?|one\nmore"}, "2.50|a.example/b"},
		"odd words": {
			[]*regexp.Regexp{capitalAfterSmall, consonants}, []string{"xK", "bcdfghjkl"}, "Borschtsch|WEIHNACHTSSCHMUCK",
		},
	} {
		if len(c.found) != len(c.patterns) {
			t.Fatalf("%s: phrases for %d of %d patterns", name, len(c.found), len(c.patterns))
		}
		for i, pattern := range c.patterns {
			for phrase := range strings.SplitSeq(c.found[i], "|") {
				if !pattern.MatchString(phrase) {
					t.Errorf("%s: pattern %d does not find %q", name, i+1, phrase)
				}
			}
			for phrase := range strings.SplitSeq(c.other, "|") {
				if found := pattern.FindString(phrase); found != "" {
					t.Errorf("%s: pattern %d finds %q in %q", name, i+1, found, phrase)
				}
			}
		}
	}
}
