package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// withAdvice adds to an error what an administrator of the database can do about it.
func (db *DB) withAdvice(ctx context.Context, err error) error {
	switch sqlState(err) {
	case "53100":
		return fmt.Errorf("the disk is full: make room and start again (%w)", err)
	case "42501": // insufficient privilege
		return db.withRightsAdvice(ctx, err)
	}
	return err
}

// withRightsAdvice adds which statement gives the role the right that it lacks.
func (db *DB) withRightsAdvice(ctx context.Context, err error) error {
	var owner, role string
	if db.pool.QueryRow(ctx, `
		SELECT pg_get_userbyid(relowner), current_user FROM pg_class
		WHERE oid = to_regclass('goose_db_version') AND NOT pg_has_role(relowner, 'USAGE')`).Scan(&owner, &role) == nil {
		return fmt.Errorf("the tables belong to the role %s, and the role %s has no right to them. Have the database's "+
			"administrator run: GRANT %s TO %s; (%w)",
			owner, role, pgx.Identifier{owner}.Sanitize(), pgx.Identifier{role}.Sanitize(), err)
	}
	c := db.pool.Config().ConnConfig
	return fmt.Errorf("the role %s may not create tables and extensions in the database %s. Have its administrator run: ALTER "+
		"DATABASE %s OWNER TO %s; (%w)",
		c.User, c.Database, pgx.Identifier{c.Database}.Sanitize(), pgx.Identifier{c.User}.Sanitize(), err)
}

// Encoding returns the encoding of the database. In any other than UTF8 other programs misread what this one writes.
func (db *DB) Encoding(ctx context.Context) (encoding string, err error) {
	err = db.pool.QueryRow(ctx, `SHOW server_encoding`).Scan(&encoding)
	return encoding, mapError(err)
}
