package postgres

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Server tells PostgreSQL's own programs where the database is.
type Server struct {
	Major       int      // version, such as 15
	Environment []string // variables of libpq, NAME=VALUE
}

// Server returns what PostgreSQL's own programs need to know.
func (db *DB) Server(ctx context.Context) (s Server, err error) {
	defer wrap(&err, "server")
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return s, err
	}
	defer conn.Release()
	return server(conn.Conn())
}

// server describes the server that the connection goes to: of several in the address, the one that answered. The password is a
// variable, since other users can see the arguments of a program.
func server(conn *pgx.Conn) (s Server, err error) {
	if _, err := fmt.Sscanf(conn.PgConn().ParameterStatus("server_version"), "%d", &s.Major); err != nil {
		return s, fmt.Errorf("version of PostgreSQL: %w", err)
	}
	config := conn.Config()
	host, port := config.Host, config.Port
	for _, other := range config.Fallbacks {
		if isPeer(conn, other.Host, other.Port) {
			host, port = other.Host, other.Port
		}
	}
	s.Environment = []string{
		"PGHOST=" + host, "PGPORT=" + strconv.Itoa(int(port)), "PGDATABASE=" + config.Database, "PGUSER=" + config.User,
		"PGPASSWORD=" + config.Password, "PGOPTIONS=" + config.RuntimeParams["options"],
	}
	if remote, isTCP := conn.PgConn().Conn().RemoteAddr().(*net.TCPAddr); isTCP {
		s.Environment = append(s.Environment, "PGHOSTADDR="+remote.IP.String())
	}
	s.Environment = append(s.Environment, encryption(config.ConnString())...)
	return s, nil
}

// isPeer reports whether the connection goes to the host.
func isPeer(conn *pgx.Conn, host string, port uint16) bool {
	network, address := pgconn.NetworkAddress(host, port)
	remote := conn.PgConn().Conn().RemoteAddr().String()
	if network == "unix" {
		return remote == address
	}
	peer, peerPort, err := net.SplitHostPort(remote)
	if err != nil || peerPort != strconv.Itoa(int(port)) {
		return false
	}
	addresses, err := net.LookupHost(host)
	return err == nil && slices.Contains(addresses, peer)
}

// encryptionVariables are libpq's names for the settings of TLS.
var encryptionVariables = map[string]string{
	"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "sslsni": "PGSSLSNI",
}

// keyword finds a setting in an address written as keywords and values.
var keyword = regexp.MustCompile(`(ssl[a-z]+)\s*=\s*(?:'([^']*)'|(\S+))`)

// encryption returns the variables for the settings of TLS in a database's address. Those in the environment stay as they are.
func encryption(address string) (variables []string) {
	add := func(name, value string) {
		if variable := encryptionVariables[name]; variable != "" {
			variables = append(variables, variable+"="+value)
		}
	}
	if _, query, isURL := strings.Cut(address, "?"); isURL || strings.Contains(address, "://") {
		settings, _ := url.ParseQuery(query) // pgx has read it
		for name := range settings {
			add(name, settings.Get(name))
		}
		return variables
	}
	for _, found := range keyword.FindAllStringSubmatch(address, -1) {
		add(found[1], found[2]+found[3])
	}
	return variables
}
