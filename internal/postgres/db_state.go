package postgres

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// DatabaseState is what an administrator of the database has to know about it and its server.
type DatabaseState struct {
	Version    int // server_version_num, such as 150018
	Encoding   string
	ReadOnly   bool
	Standby    bool
	Database   string
	Role       string
	TableOwner string // the owner of the tables, if the role has not got that owner's rights; otherwise ""
	MayCreate  bool   // tables and extensions in this database
	Trigrams   bool   // pg_trgm is in this database
	Available  bool   // pg_trgm is installed on the server
	Size       int64  // of the database, in bytes
	Now        time.Time
	DataFolder string // of the server; "" if the role may not know it
}

// DatabaseState reads the state of the database, which needs no schema.
func (db *DB) DatabaseState(ctx context.Context) (s DatabaseState, err error) {
	defer wrap(&err, "state of the database")
	rows, _ := db.pool.Query(ctx, `
		SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
		       current_setting('transaction_read_only')::boolean AS read_only, pg_is_in_recovery() AS standby,
		       current_database()::text AS database, current_user::text AS role,
		       coalesce((SELECT pg_get_userbyid(relowner)::text FROM pg_class
		                 WHERE oid = to_regclass('goose_db_version') AND NOT pg_has_role(relowner, 'USAGE')), '') AS table_owner,
		       has_database_privilege(current_database(), 'CREATE') AND
		       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
		       EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS trigrams,
		       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS available,
		       pg_database_size(current_database()) AS size, clock_timestamp() AS now,
		       coalesce((SELECT setting FROM pg_settings WHERE name = 'data_directory'), '') AS data_folder`)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[DatabaseState])
}

// RightsRemedy returns which rights the role lacks, in words, and the statement that gives them; "" if it has all.
func (s DatabaseState) RightsRemedy() (lacks, statement string) {
	role := pgx.Identifier{s.Role}.Sanitize()
	switch {
	case s.TableOwner != "":
		return fmt.Sprintf("The tables belong to the role %s, and the role %s has no right to them", s.TableOwner, s.Role),
			fmt.Sprintf("GRANT %s TO %s;", pgx.Identifier{s.TableOwner}.Sanitize(), role)
	case !s.MayCreate:
		return fmt.Sprintf("The role %s may not create tables and extensions in the database %s", s.Role, s.Database),
			fmt.Sprintf("ALTER DATABASE %s OWNER TO %s;", pgx.Identifier{s.Database}.Sanitize(), role)
	}
	return "", ""
}

// ReadOnlyRemedy returns the statements that let the role write again, wherever it was set that it may not.
func (s DatabaseState) ReadOnlyRemedy() string {
	return fmt.Sprintf("ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf(); "+
		"ALTER DATABASE %s RESET default_transaction_read_only; ALTER ROLE %s RESET default_transaction_read_only;",
		pgx.Identifier{s.Database}.Sanitize(), pgx.Identifier{s.Role}.Sanitize())
}

// LastBeat returns how long ago a running site last wrote to the database: each instance does every 15 seconds.
func (db *DB) LastBeat(ctx context.Context) (age time.Duration, err error) {
	defer wrap(&err, "heartbeat")
	err = db.pool.QueryRow(ctx, `SELECT now() - at FROM heartbeat`).Scan(&age)
	return age, err
}

// OnThisMachine reports whether the database's server is on the machine that runs this program.
func (db *DB) OnThisMachine() bool {
	host := db.pool.Config().ConnConfig.Host
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || host == "localhost" || ip != nil && ip.IsLoopback()
}

// ConnectAdvice returns what to do about an error of Open, for the person who runs the site.
func ConnectAdvice(err error) string {
	switch sqlState(err) {
	case "53300":
		return fmt.Sprintf("Close other connections, or have the database's administrator raise the limit that the message "+
			"names, for example: ALTER ROLE app CONNECTION LIMIT %d;", usual.all())
	case "28P01", "28000":
		return "Check the user and the password in DATABASE_URL, and pg_hba.conf on the database's server."
	case "3D000":
		return "Check the name of the database in DATABASE_URL, or have its administrator run CREATE DATABASE."
	case "57P03":
		return "PostgreSQL is starting or stopping. Wait a moment, then run this again."
	}
	return "Check that PostgreSQL runs, and that DATABASE_URL has the right host and port."
}
