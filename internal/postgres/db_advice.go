package postgres

import (
	"context"
	"fmt"
	"strings"
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
	state, unread := db.DatabaseState(ctx)
	lacks, statement := state.RightsRemedy()
	if unread != nil || lacks == "" {
		return err
	}
	lacks = strings.ToLower(lacks[:1]) + lacks[1:]
	return fmt.Errorf("%s. Have the database's administrator run: %s (%w)", lacks, statement, err)
}

// Encoding returns the encoding of the database. In any other than UTF8 other programs misread what this one writes.
func (db *DB) Encoding(ctx context.Context) (encoding string, err error) {
	err = db.pool.QueryRow(ctx, `SHOW server_encoding`).Scan(&encoding)
	return encoding, mapError(err)
}
