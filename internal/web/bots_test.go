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

// stamp is that of a form that was drawn some minutes ago.
func (s *site) stamp() string {
	s.t.Helper()
	secret, err := s.db.Secret(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return lead.NewStamp(secret, time.Now().Add(-time.Duration(20+rand.IntN(600))*time.Second))
}

// oneOf is one of the words.
func oneOf(words ...string) string { return words[rand.IntN(len(words))] }

// spamDomain is a web address as spam advertises it.
func spamDomain() string {
	return oneOf("https://", "http://", "https://www.") + oneOf("best", "top", "fast", "vip", "pro", "my") + oneOf("deal", "win",
		"rank", "coin", "med", "host") +
		fmt.Sprint(rand.IntN(900)) + oneOf(".example", ".example/go?ref=7", ".example/promo/") + oneOf("",
		fmt.Sprint(rand.IntN(99)))
}

// letters are random ones.
func letters(from string, least, most int) string {
	text := make([]byte, least+rand.IntN(most-least))
	for i := range text {
		text[i] = from[rand.IntN(len(from))]
	}
	return string(text)
}

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// variedBots are ten kinds of bots as site owners meet them.
func variedBots(s *site) map[string]func(n int) url.Values {
	post := func(changes url.Values) url.Values { // straight at the address, without opening the form
		form := url.Values{
			"name": {oneOf("Robert", "Lisa Morgan", "JamesTaf", "Mike Smith", "Olga", "Contact Team")}, "consent": {"on"},
			"email": {fmt.Sprintf("%s%d@%s", oneOf("info", "sales", "mike.s", "lisa", "jt"), rand.IntN(1e6),
				oneOf("gmail.example", "mail.example", "outreach.example"))},
			"company": {oneOf("", "google", "Growth Ltd", "Self employed")},
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
			return post(says(oneOf("Hi there,", "Dear Sir or Madam,", "Hello webmaster!"),
				oneOf("I came across your website and noticed that it does not rank on Google.",
					"your site could get far more organic traffic.", "we checked your website and found 37 SEO errors."),
				oneOf("We offer white hat SEO from $99 a month.", "Our team can put you on the first page of Google.",
					"Our SEO packages are affordable and come with a guarantee."),
				oneOf("Reply to this mail for a free audit.", "Shall I send prices?", "Contact us today: "+spamDomain())))
		},
		"sells links, in a browser": func(int) url.Values {
			return open(says(oneOf("Hello,", "Hi,", "Greetings,"),
				oneOf("do you accept guest posts on your website?", "I would like to buy backlinks on your site.",
					"I found your blog and love it."),
				oneOf("I can provide a guest post with a dofollow link.", "We offer backlinks with domain authority 50+.",
					"We provide link building for your site."),
				oneOf("Good price, 100% unique text.", "Best prices, discounts for bulk orders.", "Affordable and guaranteed."),
				oneOf("", "See "+spamDomain())))
		},
		"casino": func(int) url.Values {
			return post(says(oneOf("Best online casino", "Top 10 casinos 2026", "Live betting and slots",
				"VIP poker and jackpots"), oneOf("with a 200% bonus!", "- no deposit bonus, 100 free spins.",
				"best bonuses every day."),
				oneOf("Play now", "Sign up today", "Register now", "Visit our site"), spamDomain()))
		},
		"coins": func(int) url.Values {
			return post(says(oneOf("Earn $3,000 a day with Bitcoin.", "Our crypto trading bot makes profits while you sleep.",
				"Forex signals with guaranteed profits.", "Double your BTC, risk free."),
				oneOf("Join now on Telegram @coinprofit", "Start now:", "Limited offer, act now:",
					"WhatsApp +1 555 0100 or visit us:"), oneOf(spamDomain(), spamDomain()+" "+spamDomain())))
		},
		"pharmacy, for forums": func(int) url.Values {
			a, b := spamDomain(), spamDomain()
			return post(says(oneOf("buy viagra", "cheap cialis online", "tramadol no prescription", "weight loss pills"),
				fmt.Sprintf(`<a href="%s">%s</a> [url=%s]%s[/url] %s`, a, oneOf("viagra 100mg", "order now", "cheap pills"), b,
					oneOf("cialis price", "click here", "pharmacy"), a)))
		},
		"fills in every field at once": func(n int) url.Values {
			page := s.get("/compare/django-vs-fastapi")
			if n%2 == 0 {
				page = s.get("/intake")
			}
			form := url.Values{
				"website": {spamDomain()}, "key": {page.attr("[name=key]", "value")},
				"stamp": {page.attr("[name=stamp]", "value")}, "edition": {page.attr("[name=edition]", "value")},
			}
			for _, field := range []string{"name", "company", "timeline", "budget", "project"} {
				form.Set(field, oneOf("John", "test", "1", "hello", "sample", "asdf asdf"))
			}
			form.Set("project", oneOf("Best SEO service for your site", "Cheap pills online", "Online casino with bonus",
				"Get loans today")+fmt.Sprint(" ", rand.IntN(1e6))+" "+spamDomain())
			return post(form)
		},
		"same text from many addresses": func(int) url.Values {
			return open(says("Добрый день! Предлагаем базы компаний по всем городам, быстро и недорого. Звоните."))
		},
		"random letters": func(n int) url.Values {
			return open(url.Values{
				"name": {letters(alphabet, 10, 18)}, "company": {letters(alphabet, 10, 16)},
				"project": {letters(alphabet, 12, 24)},
			})
		},
		"replays one drawn form": func(n int) url.Values {
			form := post(says(oneOf("Are you interested in", "Please see", "Ask me about"),
				oneOf("office chairs", "new flooring", "led lamps", "car leasing"), fmt.Sprint("number ", n)))
			form.Set("stamp", drawn)
			return form
		},
		"from throw-away addresses": func(int) url.Values {
			form := post(says(oneOf("Urgent business loan", "I have an inheritance of $8 million", "Passive income for you",
				"We sell targeted email lists"), oneOf("at 3% without paperwork.", "to share.", "from home."),
				oneOf("Write back.", "Reply now.", "More: "+spamDomain())))
			form.Set("email", letters("abcdefghijk", 8, 12)+oneOf("@mailinator.com", "@yopmail.com", "@guerrillamail.com",
				"@x.10minutemail.com"))
			return form
		},
	}
}
