package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/text"
)

// maxWordBytes bounds the words that are kept of one lead: PostgreSQL takes 1 MB, and one more text has up to 160 KB.
const maxWordBytes = 700_000

// foldBatch is how many leads' words are written anew at once, and foldTime for how long a sweep goes on with that.
const (
	foldBatch = 200
	foldTime  = 15 * time.Second
)

// LeadWords returns the words by which staff find a lead, for the columns lead_contents.words and form.
func LeadWords(c lead.Contents) (words pgtype.TSVector, form int) {
	return vectorOf(c.Name, c.Email, c.Company, c.Project, c.Timeline, c.Budget), text.Form
}

func vectorOf(texts ...string) pgtype.TSVector {
	var words []string
	for _, t := range texts {
		words = append(words, text.Indexed(email.Readable(t))...)
	}
	vector, size := pgtype.TSVector{Valid: true}, 0
	for _, word := range unique(words) {
		if size += len(word); size > maxWordBytes {
			break
		}
		vector.Lexemes = append(vector.Lexemes, pgtype.TSVectorLexeme{Word: word})
	}
	return vector
}

// addWords has staff find the lead by the texts of a message too.
func addWords(ctx context.Context, tx pgx.Tx, id int64, texts ...string) (err error) {
	defer wrap(&err, "words of lead %d", id)
	_, err = tx.Exec(ctx, `
		UPDATE lead_contents SET words = words || $2 WHERE lead_id = $1 AND octet_length(words::text) < $3`,
		id, vectorOf(texts...), maxWordBytes)
	return err
}

// foldLeads writes the words of leads that are of an older form, until all are done or its time is over. Until then a search
// finds these as the version did that wrote them.
func (db *DB) foldLeads(ctx context.Context) error {
	for began := time.Now(); time.Since(began) < foldTime; {
		var done int
		err := db.inTx(ctx, func(tx pgx.Tx) (err error) {
			done, err = foldSome(ctx, tx)
			return err
		})
		if err != nil || done == 0 {
			return err
		}
	}
	return nil
}

func foldSome(ctx context.Context, tx pgx.Tx) (int, error) {
	return writeWords(ctx, tx, `c.form < $1 ORDER BY c.form LIMIT $2 FOR NO KEY UPDATE OF c SKIP LOCKED`, text.Form, foldBatch)
}

// writeWords writes the words of leads anew from all texts about them, and returns how many leads it were.
func writeWords(ctx context.Context, tx pgx.Tx, which string, args ...any) (n int, err error) {
	defer wrap(&err, "words of leads")
	type typed struct {
		ID    int64
		Texts []string
	}
	rows, _ := tx.Query(ctx, `
		SELECT c.lead_id AS id, ARRAY[c.name, c.email, c.company, c.project, c.timeline, c.budget]
		    || ARRAY(SELECT unnest(ARRAY[m.text, m.subject, m.sender_name, m.sender_address])
		             FROM messages m WHERE m.lead_id = c.lead_id ORDER BY m.at, m.id) AS texts
		FROM lead_contents c
		WHERE `+which, args...)
	leads, err := pgx.CollectRows(rows, pgx.RowToStructByName[typed])
	if err != nil || len(leads) == 0 {
		return 0, err
	}
	var updates pgx.Batch
	for _, l := range leads {
		updates.Queue(`UPDATE lead_contents SET words = $2, form = $3 WHERE lead_id = $1`, l.ID, vectorOf(l.Texts...), text.Form)
	}
	return len(leads), tx.SendBatch(ctx, &updates).Close()
}

// unique returns the words in order, each once.
func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}
