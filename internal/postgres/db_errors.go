package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tiebreak/internal/fault"
)

var errReadOnly = fmt.Errorf("the database is read-only: %w", fault.Unavailable)

// ErrNoTable says that the database has not got a table: it is empty, or an older program made it.
var ErrNoTable = errors.New("no such table")

// mapError marks a database error with the fault that a user meets; the cause stays in the chain for the log.
func mapError(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled): // the reader left: that is not a fault of the database
		return err
	case errors.Is(err, fault.NotFound), errors.Is(err, fault.Conflict), errors.Is(err, fault.Unavailable): // marked already
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%w: %w", fault.NotFound, err)
	case sqlState(err) == "22021":
		// PostgreSQL cannot store such bytes, so they match nothing. Texts to be stored hold none: web replaces them.
		return fmt.Errorf("%w: %w", fault.NotFound, err)
	case sqlState(err) == "42P01":
		return fmt.Errorf("%w: %w", ErrNoTable, err)
	case sqlState(err) == "23505":
		return fmt.Errorf("%w: %w", fault.Conflict, err)
	case broken(err), errors.Is(err, context.DeadlineExceeded), away(sqlState(err)):
		return fmt.Errorf("%w: %w", fault.Unavailable, err)
	}
	return err
}

// wrap maps the error that a function is about to return, if there is one, and says before it what failed.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), mapError(*err))
	}
}

// broken reports that there is no connection, or that it was lost: the server may answer the next one.
func broken(err error) bool {
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	return connecting || network && !errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) ||
		pgconn.SafeToRetry(err) || strings.HasPrefix(sqlState(err), "57P")
}

// MayComeBack reports whether an error of Open may be gone after a while: no server answers, or each one that does is starting,
// stopping, overloaded or read-only. A wrong password and an unknown database stay wrong.
func MayComeBack(err error) bool {
	for _, answer := range serverErrors(err) {
		if !away(answer.Code) {
			return false
		}
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || away(sqlState(err)) ||
		errors.Is(err, pgconn.ErrReadOnlyConnection) || errors.Is(err, pgconn.ErrStandbyConnection)
}

// serverErrors returns what each of several servers answered.
func serverErrors(err error) (list []*pgconn.PgError) {
	switch e := err.(type) {
	case *pgconn.PgError:
		list = append(list, e)
	case interface{ Unwrap() error }:
		list = serverErrors(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			list = append(list, serverErrors(one)...)
		}
	}
	return list
}

// lockNotAvailable is the SQLSTATE of a lock that was not to be had within lock_timeout.
const lockNotAvailable = "55P03"

// away reports a server that is there and cannot work now: starting or stopping (57P), out of connections or disk (53),
// a connection exception (08), read-only after a switch of roles (25006), a lock not had in time (55P03) or given up for
// another that waited for ours (40P01), a transaction that met another's changes (40001).
func away(state string) bool {
	for _, prefix := range []string{"57P", "53", "08", readOnlyState, lockNotAvailable, "40P01", "40001"} {
		if strings.HasPrefix(state, prefix) {
			return true
		}
	}
	return false
}

func sqlState(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	return ""
}
