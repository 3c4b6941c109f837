package pgtest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tiebreak/internal/postgres"
)

// Trips records the round trips that a store makes to its database. Preparing a statement, which each connection does once,
// and the pool's own check of a connection are left out.
type Trips struct {
	lock sync.Mutex
	sent []string
}

// OpenCounted returns another store on the database at url, and its round trips.
func OpenCounted(t testing.TB, url string) (*postgres.DB, *Trips) {
	t.Helper()
	trips := &Trips{}
	db, err := postgres.Open(context.Background(), url, func(c *pgxpool.Config) { c.ConnConfig.Tracer = trips })
	must(t, err)
	t.Cleanup(db.Close)
	return db, trips
}

// Take returns what was sent since it was last called, a text for each round trip.
func (c *Trips) Take() []string {
	c.lock.Lock()
	defer c.lock.Unlock()
	sent := c.sent
	c.sent = nil
	return sent
}

// Has reports whether a round trip with the text was made since Take was last called.
func (c *Trips) Has(text string) bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	return strings.Contains(strings.Join(c.sent, "\n"), text)
}

func (c *Trips) add(sql string) {
	if strings.Contains(sql, "transaction_read_only") {
		return
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.sent = append(c.sent, strings.Join(strings.Fields(sql), " "))
}

// TraceQueryStart records a statement that is sent on its own.
func (c *Trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	c.add(data.SQL)
	return ctx
}

// TraceBatchStart records statements that are sent together.
func (c *Trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	var statements []string
	for _, q := range data.Batch.QueuedQueries {
		statements = append(statements, q.SQL)
	}
	c.add(strings.Join(statements, "; "))
	return ctx
}

// TraceQueryEnd does nothing.
func (*Trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchQuery does nothing.
func (*Trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd does nothing.
func (*Trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
