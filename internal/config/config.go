// Package config turns flags and the environment into one validated struct. The tags are read by the command line's
// parser; a flag wins over the environment.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Config is everything that can be set from outside.
type Config struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL to use. If not set: Tiebreak runs its own in the data folder."`
	Data        string `name:"data" env:"TIEBREAK_DATA" placeholder:"DIR" help:"Data folder. If not set: ./data."`
	PGBin       string `name:"pg-bin" env:"PG_BIN" placeholder:"DIR" help:"Folder of PostgreSQL binaries for the private PostgreSQL. If not set: Tiebreak searches the usual folders."`
	Addr        string `name:"addr" env:"TIEBREAK_ADDR" placeholder:"HOST:PORT" help:"Address to listen on. If not set: 127.0.0.1:8080, or :443 with TLS."`
	BaseURL     string `name:"base-url" env:"TIEBREAK_BASE_URL" placeholder:"URL" help:"Public address of the site. If not set: http://localhost:PORT."`
	TLS         string `name:"tls" env:"TIEBREAK_TLS" default:"off" help:"off, or auto: serve HTTPS with a certificate from an authority such as Let's Encrypt."`
	HTTPAddr    string `name:"http-addr" env:"TIEBREAK_HTTP_ADDR" placeholder:"HOST:PORT" help:"With TLS, address for plain HTTP, which is redirected. If not set: :80."`
	ACMEURL     string `name:"acme-url" env:"TIEBREAK_ACME_URL" placeholder:"URL" help:"With TLS, ACME directory of the authority. If not set: that of Let's Encrypt."`
	Starter     string `name:"starter" env:"TIEBREAK_STARTER" default:"guides" help:"What an empty database starts with: guides or none."`
	SMTPURL     string `name:"smtp-url" env:"TIEBREAK_SMTP_URL" placeholder:"URL" help:"Mail server: smtp://user:password@host:port (STARTTLS) or smtps://. If not set: emails are files in the data folder."`
	MailFrom    string `name:"mail-from" env:"TIEBREAK_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of emails, with a name if you like: Studio <hello@example.org>. If not set: tiebreak@ and the public address's host."`
	StaffMail   string `name:"staff-mail" env:"TIEBREAK_STAFF_MAIL" placeholder:"ADDRESS,…" help:"Email addresses that get email about leads. If not set: every editor and admin."`
	IMAPURL     string `name:"imap-url" env:"TIEBREAK_IMAP_URL" placeholder:"URL" help:"Mailbox that answers arrive in: imaps://user:password@host:port/INBOX, or imap:// (STARTTLS). If not set: incoming email is not read."`
	ReplyTo     string `name:"reply-address" env:"TIEBREAK_REPLY_ADDRESS" placeholder:"ADDRESS" help:"Address of that mailbox, such as reply@example.org: each lead has its own reply+TOKEN@example.org. If not set: answers go to the member who replied."`
	Proxies     string `name:"trusted-proxies" env:"TIEBREAK_TRUSTED_PROXIES" placeholder:"CIDR,…" help:"Networks of the proxies in front: only through them does X-Forwarded-For count. If not set: none."`
	MetricsAddr string `name:"metrics-addr" env:"TIEBREAK_METRICS_ADDR" placeholder:"HOST:PORT" help:"Address to serve Prometheus metrics on. If not set: none."`
	BackupDir   string `name:"backup-dir" env:"TIEBREAK_BACKUP_DIR" placeholder:"DIR" help:"Folder for nightly backups and the ledger of erasures. If not set: backup in the data folder for the private PostgreSQL, none for a DATABASE_URL."`
	BackupKey   string `name:"backup-key" env:"TIEBREAK_BACKUP_KEY" placeholder:"KEY" help:"Key that encrypts backups: an age identity, or an age recipient, which cannot read them. If not set: backups are not encrypted."`
	Drain       string `name:"drain" env:"TIEBREAK_DRAIN" default:"0s" placeholder:"TIME" help:"How long a stop goes on serving while /readyz says no, so that a balancer can notice, such as 10s."`
	LogFormat   string `name:"log" env:"TIEBREAK_LOG" default:"text" help:"Log format: text or json."`
}

// Check returns every problem at once.
func (c Config) Check() error {
	problems := []error{
		wrongAddress("TIEBREAK_ADDR", c.Addr, "127.0.0.1:8080"),
		wrongAddress("TIEBREAK_METRICS_ADDR", c.MetricsAddr, "127.0.0.1:9180"), wrongBase(c.BaseURL), c.wrongTLS(),
		wrongServer(c.SMTPURL), wrongMailbox(c.IMAPURL), c.wrongReplyAddress(),
	}
	wrong := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	for _, network := range c.TrustedProxies() {
		if _, err := netip.ParsePrefix(network); err != nil {
			wrong("TIEBREAK_TRUSTED_PROXIES: %q is not a network: write it as 10.0.0.0/8 or 192.0.2.1/32, separated by commas",
				network)
		}
	}
	if from := oneLine(c.MailFrom); from != "" {
		_, err := mailbox("TIEBREAK_MAIL_FROM", from)
		problems = append(problems, err)
	}
	_, err := mailboxes("TIEBREAK_STAFF_MAIL", c.StaffMail)
	problems = append(problems, err)
	if c.Starter != "guides" && c.Starter != "none" {
		wrong("TIEBREAK_STARTER %q is unknown: use guides or none", c.Starter)
	}
	if info, err := os.Stat(c.BackupDir); c.BackupDir != "" && (err != nil || !info.IsDir()) {
		wrong("TIEBREAK_BACKUP_DIR %q does not exist or is not a folder: create it, or mount its disk", c.BackupDir)
	}
	if drain, err := time.ParseDuration(c.Drain); c.Drain != "" && (err != nil || drain < 0) {
		wrong("TIEBREAK_DRAIN %q is not a length of time: write it as 10s, or 0s to stop without a drain time", c.Drain)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		wrong("TIEBREAK_LOG %q is unknown: use text or json", c.LogFormat)
	}
	return errors.Join(problems...)
}

// DrainTime returns how long a stop goes on serving.
func (c Config) DrainTime() time.Duration {
	drain, _ := time.ParseDuration(c.Drain)
	return drain
}

// TrustedProxies returns the networks of the proxies in front.
func (c Config) TrustedProxies() []string {
	return strings.FieldsFunc(c.Proxies, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// MailFolder returns where mails are kept as files while no mail server is set.
func (c Config) MailFolder() string {
	folder, _ := c.DataFolder()
	return filepath.Join(folder, "mail")
}

// BackupFolder returns where nightly backups and the ledger of erasures go, or "" without such a folder.
func (c Config) BackupFolder() string {
	if c.BackupDir != "" || c.DatabaseURL != "" {
		return c.BackupDir
	}
	folder, _ := c.DataFolder()
	return filepath.Join(folder, "backup")
}

// DataFolder returns the data folder, and whether it was chosen rather than assumed.
func (c Config) DataFolder() (folder string, chosen bool) {
	if c.Data != "" {
		return c.Data, true
	}
	return "data", false
}

// Site returns the public address of a site that listens on the given address: Address, or where port 0 led.
func (c Config) Site(listening string) *url.URL {
	if c.BaseURL != "" {
		if u, err := url.Parse(c.BaseURL); err == nil {
			if host, err := hostOf(u); err == nil {
				return &url.URL{Scheme: u.Scheme, Host: host}
			}
		}
	}
	_, name, _ := net.SplitHostPort(listening)
	port, _ := net.LookupPort("tcp", name) // it may be "http"
	return &url.URL{Scheme: "http", Host: net.JoinHostPort("localhost", strconv.Itoa(port))}
}

// Logger returns a logger that writes to w in the chosen format.
func (c Config) Logger(w io.Writer) *slog.Logger {
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
