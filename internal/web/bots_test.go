package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"time"

	"tiebreak/internal/lead"
)

// spammer sends what bots send to the site. Its choices are random, and the same in each run: the rate that a test asks for must
// not depend on luck.
type spammer struct {
	*site
	*rand.Rand
}

func newSpammer(s *site) spammer { return spammer{s, rand.New(rand.NewPCG(1, 0))} }

// bot makes the n-th post of its kind.
type bot func(n int) url.Values

// stamp returns the stamp of a form that was drawn five minutes ago.
func (s *site) stamp() string {
	s.t.Helper()
	secret, err := s.db.Secret(s.t.Context())
	noError(s.t, err)
	return lead.NewStamp(secret, time.Now().Add(-5*time.Minute))
}

var alternatives = regexp.MustCompile(`\{[^{}]*\}`)

// domain describes the web addresses that spam advertises.
const domain = "{https://|http://|https://www.}{best|top|fast|vip|pro|my}{deal|win|rank|coin|med|host}NUMBER" +
	"{.example|.example/go?ref=7|.example/promo/}{|NUMBER}"

// spin returns one of the texts that the template describes, in the notation of those who send spam: one of the words in braces,
// and a DOMAIN or a NUMBER.
func (s spammer) spin(template string) string {
	text := alternatives.ReplaceAllStringFunc(template, func(group string) string {
		words := strings.Split(strings.Trim(group, "{}"), "|")
		return words[s.IntN(len(words))]
	})
	for strings.Contains(text, "DOMAIN") {
		text = strings.Replace(text, "DOMAIN", s.spin(domain), 1)
	}
	for strings.Contains(text, "NUMBER") {
		text = strings.Replace(text, "NUMBER", fmt.Sprint(s.IntN(1e6)), 1)
	}
	return text
}

// letters returns random ones.
func (s spammer) letters(from string, least, most int) string {
	text := make([]byte, least+s.IntN(most-least))
	for i := range text {
		text[i] = from[s.IntN(len(from))]
	}
	return string(text)
}

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// plainBots are ten kinds of bots, each with little variety.
func plainBots(s spammer) map[string]bot {
	stamp := s.get("/intake").value("[name=stamp]")
	email := func() string { return s.spin("bot-NUMBER-NUMBER@example.org") }
	direct := func(project string, changes ...string) bot { // straight at the address, without opening the form
		return func(n int) url.Values {
			form := request(fields("key", fmt.Sprint("bot", n, s.Int64()), "email", email(), "project", s.spin(project)))
			return changed(form, s, changes)
		}
	}
	drawn := func(changes ...string) bot { // a form as drawn, filled in by a program
		return func(n int) url.Values {
			page := s.get("/intake?guide=django-vs-fastapi")
			form := request(fields("key", page.value("[name=key]"), "stamp", page.value("[name=stamp]"), "email", email(),
				"project", s.spin("Project NUMBER of a program that fills forms in, words number NUMBER")))
			return changed(form, s, changes)
		}
	}
	return map[string]bot{
		"direct, with links": direct("Buy cheap pills now, best price for you and your friends. http://a.example/NUMBER " +
			"http://b.example http://c.example"),
		"direct, with markup": direct(
			`Look <a href="http://a.example/NUMBER">here</a> [url=http://b.example]there[/url]`),
		"fills in every field": drawn("website", "http://a.example"),
		"hasty, with links":    drawn("project", "See http://a.example/NUMBER, http://b.example and http://c.example"),
		"hasty, thrown away":   drawn("email", "botNUMBER@mailinator.com"),
		"replays a form":       direct("words NUMBER", "stamp", stamp),
		"forges the stamp":     direct("See www.a.example/NUMBER", "stamp", "zzzzzz.00112233"),
		"link in the name":     direct("words NUMBER", "name", "Earn http://a.example/NUMBER"),
		"same words": direct(
			"We offer you search engine services of the first rank for a small price, answer us today."),
		"slow, thrown away, with a link": direct("Our shop: https://a.example/NUMBER", "email", "botNUMBER@mail.yopmail.com"),
	}
}

// changed sets fields of the form, given as names and templates in turn.
func changed(form url.Values, s spammer, changes []string) url.Values {
	for name, templates := range fields(changes...) {
		form.Set(name, s.spin(templates[0]))
	}
	return form
}

// variedBots are ten kinds of bots as site owners meet them.
func variedBots(s spammer) map[string]bot {
	post := func(changes ...string) bot { // straight at the address, without opening the form
		return func(int) url.Values {
			form := fields("consent", "on", "name", s.spin("{Robert|Lisa Morgan|JamesTaf|Mike Smith|Olga|Contact Team}"),
				"email", s.spin("{info|sales|mike.s|lisa|jt}NUMBER@{gmail|mail|outreach}.example"),
				"company", s.spin("{|google|Growth Ltd|Self employed}"))
			return changed(form, s, changes)
		}
	}
	open := func(project string) bot { // with a browser without a person, which waits
		return func(n int) url.Values { return post("project", project, "stamp", s.stamp(), "key", lead.NewKey())(n) }
	}
	drawn := s.stamp()
	return map[string]bot{
		"offers to rank the site": post("project", `{Hi there,|Dear Sir or Madam,|Hello webmaster!}
			{I came across your website and noticed that it does not rank on Google.|your site could get far more organic traffic.|we checked your website and found 37 SEO errors.}
			{We offer white hat SEO from $99 a month.|Our team can put you on the first page of Google.|Our SEO packages are affordable and come with a guarantee.}
			{Reply to this mail for a free audit.|Shall I send prices?|Contact us today: DOMAIN}`),
		"sells links, in a browser": open(`{Hello,|Hi,|Greetings,}
			{do you accept guest posts on your website?|I would like to buy backlinks on your site.|I found your blog and love it.}
			{I can provide a guest post with a dofollow link.|We offer backlinks with domain authority 50+.|We provide link building for your site.}
			{Good price, 100% unique text.|Best prices, discounts for bulk orders.|Affordable and guaranteed.} {|See DOMAIN}`),
		"casino": post("project", `{Best online casino|Top 10 casinos 2026|Live betting and slots|VIP poker and jackpots}
			{with a 200% bonus!|- no deposit bonus, 100 free spins.|best bonuses every day.}
			{Play now|Sign up today|Register now|Visit our site} DOMAIN`),
		"coins": post("project", `{Earn $3,000 a day with Bitcoin.|Our crypto trading bot makes profits while you sleep.|Forex signals with guaranteed profits.|Double your BTC, risk free.}
			{Join now on Telegram @coinprofit|Start now:|Limited offer, act now:|WhatsApp +1 555 0100 or visit us:} {DOMAIN|DOMAIN DOMAIN}`),
		"pharmacy, for forums": post("project", `{buy viagra|cheap cialis online|tramadol no prescription|weight loss pills}
			<a href="DOMAIN">{viagra 100mg|order now|cheap pills}</a> [url=DOMAIN]{cialis price|click here|pharmacy}[/url] DOMAIN`),
		"fills in every field at once": func(n int) url.Values {
			page := s.get([]string{"/intake", "/compare/django-vs-fastapi"}[n%2])
			const word = "{John|test|1|hello|sample|asdf asdf}"
			return post("website", "DOMAIN", "key", page.value("[name=key]"), "stamp", page.value("[name=stamp]"),
				"edition", page.value("[name=edition]"), "name", word, "company", word, "timeline", word, "budget", word,
				"project", "{Best SEO service for your site|Cheap pills online|Online casino with bonus|Get loans today} "+
					"NUMBER DOMAIN")(n)
		},
		"same text from many addresses": open(
			"Добрый день! Предлагаем базы компаний по всем городам, быстро и недорого. Звоните."),
		"random letters": func(n int) url.Values {
			form := open(s.letters(alphabet, 12, 24))(n)
			form.Set("name", s.letters(alphabet, 10, 18))
			form.Set("company", s.letters(alphabet, 10, 16))
			return form
		},
		"replays one drawn form": post("stamp", drawn, "project",
			"{Are you interested in|Please see|Ask me about} {office chairs|new flooring|led lamps|car leasing} number NUMBER"),
		"from throw-away addresses": func(n int) url.Values {
			form := post("project", `{Urgent business loan|I have an inheritance of $8 million|Passive income for you|We sell targeted email lists}
				{at 3% without paperwork.|to share.|from home.} {Write back.|Reply now.|More: DOMAIN}`)(n)
			form.Set("email", s.letters("abcdefghijk", 8, 12)+
				s.spin("@{mailinator.com|yopmail.com|guerrillamail.com|x.10minutemail.com}"))
			return form
		},
	}
}
