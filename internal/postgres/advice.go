package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// withAdvice adds to an error what an administrator of the database can do about it.
func (db *DB) withAdvice(err error) error {
	if sqlState(err) != "42501" { // insufficient privilege
		return err
	}
	c := db.pool.Config().ConnConfig
	return fmt.Errorf("the role %s may not create tables and extensions in the database %s. Have its administrator run: ALTER DATABASE %s OWNER TO %s; (%w)",
		c.User, c.Database, pgx.Identifier{c.Database}.Sanitize(), pgx.Identifier{c.User}.Sanitize(), err)
}

// Encoding returns the encoding of the database. In any other than UTF8 other programs misread what this one writes.
func (db *DB) Encoding(ctx context.Context) (encoding string, err error) {
	err = db.pool.QueryRow(ctx, `SHOW server_encoding`).Scan(&encoding)
	return encoding, kind(err)
}
