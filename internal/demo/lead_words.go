package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tiebreak/internal/lead"
)

// contents are what a person types into the form, plainly a sample all over.
func contents(r *rand.Rand, number int, l lead.Lead) lead.Contents {
	from := sender(r, number)
	typed := lead.Contents{
		Name: nameOf(from), Email: fmt.Sprintf("sample-%06d@example.org", from), Project: project(r, l),
		Timeline: one(r, timelines), Budget: one(r, budgets), Consent: lead.Consent,
	}
	if r.IntN(5) < 3 {
		typed.Company = fmt.Sprintf("Sample %s %s", one(r, trees[:]), one(r, firms))
	}
	return typed
}

// sender is who sends the lead with the number: mostly somebody new, often somebody from before, and one is tireless.
func sender(r *rand.Rand, number int) int {
	switch p := r.IntN(2000); {
	case p == 0:
		return 1
	case p < 240:
		return 1 + r.IntN(number)
	}
	return number
}

// nameOf is what the person is called, in every lead of theirs.
func nameOf(person int) string {
	name := fmt.Sprintf("Sample Person %06d", person)
	r := chance(fmt.Sprint("person ", person))
	switch p := r.IntN(1000); {
	case p < 3:
		return name + " of the Long" + strings.Repeat(", Longer", 20) + " and Longest Sample Name"
	case p < 13:
		return name + " " + one(r, emoji)
	case p < 19:
		return fmt.Sprintf("אדם לדוגמה %06d", person)
	case p < 25:
		return fmt.Sprintf("شخص تجريبي %06d", person)
	}
	return name
}

// project is 10 to 120 words about what they are building, mostly few, and now and then up to 2,000.
func project(r *rand.Rand, l lead.Lead) string {
	option, rival := l.OptionName, optionName(r.IntN(len(trees)))
	if option == "" {
		option = "Sample " + oftenFirst(r, trees[:])
	}
	much := r.Float64()
	sentences, words, part := wishes, 10+int(110*much*much), " "
	switch p := r.IntN(1000); {
	case p < 3:
		words, part = between(r, 500, 2000), "\n\n"
	case p < 10:
		sentences = hebrew
	case p < 17:
		sentences = arabic
	case p < 100:
		part = "\n\n"
	case p < 120:
		part = " " + one(r, emoji) + " "
	}
	text := one(r, openings)
	if l.Suspect {
		text += " " + one(r, offers)
	}
	code := codename(r)
	var order []int // no sentence comes again before all others came
	for count := 0; count < words; order = order[1:] {
		if len(order) == 0 {
			order = r.Perm(len(sentences))
		}
		sentence := fill(r, sentences[order[0]], option, rival, code)
		count += strings.Count(sentence, " ") + 1
		if r.IntN(4) > 0 {
			text += " " + sentence
		} else {
			text += part + sentence
		}
	}
	return text
}

// codename is a word that hardly any other text has.
func codename(r *rand.Rand) string {
	return capital(one(r, syllables) + one(r, syllables) + one(r, syllables) + one(r, syllables))
}
