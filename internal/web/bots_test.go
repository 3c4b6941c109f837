package web_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
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

// stamp returns the stamp of a form that was drawn some minutes ago.
func (s *site) stamp() string {
	s.t.Helper()
	secret, err := s.db.Secret(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return lead.NewStamp(secret, time.Now().Add(-time.Duration(20+rand.IntN(600))*time.Second))
}

// oneOf returns one of the words.
func (s spammer) oneOf(words ...string) string { return words[s.IntN(len(words))] }

// domain returns a web address as spam advertises it.
func (s spammer) domain() string {
	return s.oneOf("https://", "http://", "https://www.") + s.oneOf("best", "top", "fast", "vip", "pro", "my") + s.oneOf("deal",
		"win",
		"rank", "coin", "med", "host") +
		fmt.Sprint(s.IntN(900)) + s.oneOf(".example", ".example/go?ref=7", ".example/promo/") + s.oneOf("",
		fmt.Sprint(s.IntN(99)))
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

// variedBots are ten kinds of bots as site owners meet them.
func variedBots(s spammer) map[string]func(n int) url.Values {
	post := func(changes url.Values) url.Values { // straight at the address, without opening the form
		form := url.Values{
			"name": {s.oneOf("Robert", "Lisa Morgan", "JamesTaf", "Mike Smith", "Olga", "Contact Team")}, "consent": {"on"},
			"email": {fmt.Sprintf("%s%d@%s", s.oneOf("info", "sales", "mike.s", "lisa", "jt"), s.IntN(1e6),
				s.oneOf("gmail.example", "mail.example", "outreach.example"))},
			"company": {s.oneOf("", "google", "Growth Ltd", "Self employed")},
		}
		maps.Copy(form, changes)
		return form
	}
	open := func(changes url.Values) url.Values { // with a browser without a person, which waits
		form := post(changes)
		form.Set("stamp", s.stamp())
		form.Set("key", lead.NewKey())
		return form
	}
	says := func(words ...string) url.Values { return url.Values{"project": {strings.Join(words, " ")}} }
	drawn := s.stamp()
	return map[string]func(n int) url.Values{
		"offers to rank the site": func(int) url.Values {
			return post(says(s.oneOf("Hi there,", "Dear Sir or Madam,", "Hello webmaster!"),
				s.oneOf("I came across your website and noticed that it does not rank on Google.",
					"your site could get far more organic traffic.", "we checked your website and found 37 SEO errors."),
				s.oneOf("We offer white hat SEO from $99 a month.", "Our team can put you on the first page of Google.",
					"Our SEO packages are affordable and come with a guarantee."),
				s.oneOf("Reply to this mail for a free audit.", "Shall I send prices?", "Contact us today: "+s.domain())))
		},
		"sells links, in a browser": func(int) url.Values {
			return open(says(s.oneOf("Hello,", "Hi,", "Greetings,"),
				s.oneOf("do you accept guest posts on your website?", "I would like to buy backlinks on your site.",
					"I found your blog and love it."),
				s.oneOf("I can provide a guest post with a dofollow link.", "We offer backlinks with domain authority 50+.",
					"We provide link building for your site."),
				s.oneOf("Good price, 100% unique text.", "Best prices, discounts for bulk orders.", "Affordable and guaranteed."),
				s.oneOf("", "See "+s.domain())))
		},
		"casino": func(int) url.Values {
			return post(says(s.oneOf("Best online casino", "Top 10 casinos 2026", "Live betting and slots",
				"VIP poker and jackpots"), s.oneOf("with a 200% bonus!", "- no deposit bonus, 100 free spins.",
				"best bonuses every day."),
				s.oneOf("Play now", "Sign up today", "Register now", "Visit our site"), s.domain()))
		},
		"coins": func(int) url.Values {
			return post(says(s.oneOf("Earn $3,000 a day with Bitcoin.", "Our crypto trading bot makes profits while you sleep.",
				"Forex signals with guaranteed profits.", "Double your BTC, risk free."),
				s.oneOf("Join now on Telegram @coinprofit", "Start now:", "Limited offer, act now:",
					"WhatsApp +1 555 0100 or visit us:"), s.oneOf(s.domain(), s.domain()+" "+s.domain())))
		},
		"pharmacy, for forums": func(int) url.Values {
			a, b := s.domain(), s.domain()
			return post(says(s.oneOf("buy viagra", "cheap cialis online", "tramadol no prescription", "weight loss pills"),
				fmt.Sprintf(`<a href="%s">%s</a> [url=%s]%s[/url] %s`, a, s.oneOf("viagra 100mg", "order now", "cheap pills"), b,
					s.oneOf("cialis price", "click here", "pharmacy"), a)))
		},
		"fills in every field at once": func(n int) url.Values {
			page := s.get("/compare/django-vs-fastapi")
			if n%2 == 0 {
				page = s.get("/intake")
			}
			form := url.Values{
				"website": {s.domain()}, "key": {page.attr("[name=key]", "value")},
				"stamp": {page.attr("[name=stamp]", "value")}, "edition": {page.attr("[name=edition]", "value")},
			}
			for _, field := range []string{"name", "company", "timeline", "budget", "project"} {
				form.Set(field, s.oneOf("John", "test", "1", "hello", "sample", "asdf asdf"))
			}
			form.Set("project", s.oneOf("Best SEO service for your site", "Cheap pills online", "Online casino with bonus",
				"Get loans today")+fmt.Sprint(" ", s.IntN(1e6))+" "+s.domain())
			return post(form)
		},
		"same text from many addresses": func(int) url.Values {
			return open(says("Добрый день! Предлагаем базы компаний по всем городам, быстро и недорого. Звоните."))
		},
		"random letters": func(n int) url.Values {
			return open(url.Values{
				"name": {s.letters(alphabet, 10, 18)}, "company": {s.letters(alphabet, 10, 16)},
				"project": {s.letters(alphabet, 12, 24)},
			})
		},
		"replays one drawn form": func(n int) url.Values {
			form := post(says(s.oneOf("Are you interested in", "Please see", "Ask me about"),
				s.oneOf("office chairs", "new flooring", "led lamps", "car leasing"), fmt.Sprint("number ", n)))
			form.Set("stamp", drawn)
			return form
		},
		"from throw-away addresses": func(int) url.Values {
			form := post(says(s.oneOf("Urgent business loan", "I have an inheritance of $8 million", "Passive income for you",
				"We sell targeted email lists"), s.oneOf("at 3% without paperwork.", "to share.", "from home."),
				s.oneOf("Write back.", "Reply now.", "More: "+s.domain())))
			form.Set("email", s.letters("abcdefghijk", 8, 12)+s.oneOf("@mailinator.com", "@yopmail.com", "@guerrillamail.com",
				"@x.10minutemail.com"))
			return form
		},
	}
}
