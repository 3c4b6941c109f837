package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
)

const (
	// maxTexts limits how many texts the leads share: enough that a search finds few of many.
	maxTexts = 5_000

	// leadsAtOnce is how many leads one statement writes.
	leadsAtOnce = 20_000

	// guidesAField is how many guides of each field the leads come from.
	guidesAField = 4
)

// senders are unusual names; the database adds numbers to them.
var senders = []string{
	"Sample Person of the Long" + strings.Repeat(", Longer", 20) + " and Longest Sample Name",
	"Sample Person 👩‍💻", "אדם לדוגמה", "شخص تجريبي",
}

// loadLeads adds sample leads in one transaction. No mail goes out about them.
func loadLeads(ctx context.Context, db *postgres.DB, size int, progress func(done int)) error {
	editions, err := currentEditions(ctx, db)
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, db.Conns(), func(tx pgx.Tx) error {
		texts := min(size, maxTexts)
		if err := copyTexts(ctx, tx, texts, editions); err != nil {
			return fmt.Errorf("texts: %w", err)
		}
		for first := 1; first <= size; first += leadsAtOnce {
			last := min(size, first+leadsAtOnce-1)
			_, err := tx.Exec(ctx, addLeads, pgx.StrictNamedArgs{
				"first": first, "last": last, "size": size, "fresh": min(size, max(8, size/400)), "texts": texts,
				"prefix": lead.SamplePrefix, "consent": guide.Site{}.FormWords().ConsentSentence, "causes": causes,
			})
			if err != nil {
				return err
			}
			progress(last)
		}
		for _, sql := range []string{givePlaces, givePastPlaces, settleSearch} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sample leads: %w", err)
	}
	_, err = db.Conns().Exec(ctx, `VACUUM (ANALYZE) leads, lead_contents, lead_history, erasures`)
	return err
}

// currentEditions returns the editions of the guides that the leads come from.
func currentEditions(ctx context.Context, db *postgres.DB) (editions []*guide.Edition, err error) {
	lines, err := db.Guides(ctx, postgres.GuideList{Most: guidesAField})
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		e, err := db.CurrentEdition(ctx, line.Slug)
		if err != nil {
			return nil, err
		}
		editions = append(editions, e)
	}
	if len(editions) == 0 {
		return nil, errors.New("no guide is published that sample leads could come from")
	}
	return editions, nil
}

// copyTexts writes what the leads say and choose into a table of the transaction's own.
func copyTexts(ctx context.Context, tx pgx.Tx, n int, editions []*guide.Edition) error {
	if _, err := tx.Exec(ctx, prepare); err != nil {
		return err
	}
	w := newWriter("leads")
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"sample_texts"}, []string{
		"id", "guide", "edition", "guide_title", "option", "option_name", "ticks",
		"name", "company", "project", "timeline", "budget", "words", "form",
	}, pgx.CopyFromSlice(n, func(i int) ([]any, error) {
		chosen, typed := w.choices(editions), w.contents()
		words, form := postgres.LeadWords(typed)
		return []any{
			i, chosen.Guide, chosen.Edition, chosen.GuideTitle, chosen.Option, chosen.OptionName, chosen.Ticks,
			typed.Name, typed.Company, typed.Project, typed.Timeline, typed.Budget, words, form,
		}, nil
	}))
	return err
}

// choices returns the guide that a lead comes from, the first ones most often, its option and its ticks. One lead in ten comes
// from no guide.
func (w writer) choices(editions []*guide.Edition) lead.Choices {
	chosen := lead.Choices{Option: lead.Undecided, Ticks: []lead.Tick{}}
	if w.IntN(10) == 0 {
		return chosen
	}
	e := editions[w.IntN(1+w.IntN(len(editions)))]
	chosen.Guide, chosen.GuideTitle, chosen.Edition = e.Guide.Slug, e.Guide.Title, e.Digest
	if o := e.Options[w.IntN(len(e.Options))]; w.IntN(3) > 0 {
		chosen.Option, chosen.OptionName = o.Slug, o.Name
	}
	for _, o := range e.Options {
		for _, t := range some(w, e.Guide.Conditions[o.Slug], w.IntN(4)) {
			tick := lead.Tick{ID: t.ID, Option: o.Slug, OptionName: o.Name, Text: t.Text, Weight: t.Weight}
			chosen.Ticks = append(chosen.Ticks, tick)
		}
	}
	return chosen
}

// contents returns what a person types into the form, mostly little and now and then very much.
func (w writer) contents() lead.Contents {
	c := lead.Contents{
		Name: "Sample Person", Email: "sample@example.org",
		Timeline: w.RandomString([]string{"", "Next month", "In spring", "No hurry"}),
		Budget:   w.RandomString([]string{"", "5,000 samples", "50,000 samples at most", "A day of your time"}),
	}
	sentences, between := w.Number(1, 6), " "
	switch p := w.IntN(1000); {
	case p < 3:
		sentences, between = w.Number(50, 150), "\n\n"
	case p < 30:
		c.Name = w.RandomString(senders)
	}
	if w.Bool() {
		c.Company = "Sample " + text.Capitalise(w.HackerNoun()) + " Studio"
	}
	c.Project = "This is a sample request. " + strings.Join(w.sentences(sentences), between)
	return c
}

var causes = []lead.Cause{
	lead.Undrawn, lead.Pitch, lead.Links, lead.MostlyLinks, lead.LinkMarkup, lead.RepeatedText, lead.Hasty, lead.Trapped,
	lead.ThrowAway, lead.LinkInName, lead.RandomLetters, lead.Replayed, lead.ForgedStamp, lead.LinkInCompany, lead.ManyAtOnce,
	lead.NoScript,
}
