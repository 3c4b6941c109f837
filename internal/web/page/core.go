// Package page holds what all areas of the site share: the Core that reads and renders, forms, errors, the member who asks,
// and answers in several encodings. Start with Core in core.go.
package page

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"tiebreak/internal/doctor"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// RequestTimeout bounds our work for one request, so that a reader gets an honest answer within 5 seconds of sending it whole.
const RequestTimeout = 4 * time.Second

// Config is how the site was set up, for the handlers of all areas.
type Config struct {
	DB      *postgres.DB
	BaseURL *url.URL // the public address of the site
	Proxies []string // networks (CIDR) through which X-Forwarded-For counts
	Log     *slog.Logger

	Backups     bool           // whether this program makes backups by itself
	Doctor      *doctor.Doctor // checks whether all works as it was set up
	AnswersHere bool           // whether answers by email come back to the lead, and not to the member who replied
	Mailbox     string         // user and host of the one that answers arrive in; "" without one
}

// Core is what the handlers of all areas share. Each area embeds it.
type Core struct {
	Config
	Readers *postgres.DB // the same database, for what visitors read
	Secret  []byte       // signs what leaves the site and comes back

	Version  atomic.Int64 // the newest version of the site that we know of
	Settings atomic.Pointer[SiteState]
	Queue    atomic.Pointer[lead.Queue]
	Backup   atomic.Pointer[postgres.BackupStatus]
	Answers  atomic.Bool // whether the database answered when it was last asked in the background

	Pace    FormPace                  // of forms while they arrive
	Stopped atomic.Pointer[time.Time] // when the server was told to stop; nil before

	trusted            []netip.Prefix // the networks of Proxies
	Proxied            proxyDetector
	warnedOfProxy      atomic.Bool // set once the log says that a proxy is likely
	warnedOfUnreadable atomic.Bool // set once a trusted proxy sent an X-Forwarded-For that cannot be read

	deletionWaits atomic.Pointer[time.Time] // until then nothing is deleted for its age; zero while the clock is trusted
}

// NewCore reads the state of the site once. Watch keeps it fresh.
func NewCore(ctx context.Context, config Config) (*Core, error) {
	c := &Core{Config: config, Readers: config.DB.Readers(), Pace: DefaultFormPace}
	for _, network := range c.Proxies {
		c.trusted = append(c.trusted, netip.MustParsePrefix(network))
	}
	var err error
	if c.Secret, err = c.DB.Secret(ctx); err != nil {
		return nil, err
	}
	version, err := c.DB.SiteVersion(ctx)
	if err != nil {
		return nil, err
	}
	c.Version.Store(version)
	if err := c.readState(ctx); err != nil {
		return nil, err
	}
	c.Answers.Store(true)
	return c, nil
}

// HTTPS reports whether visitors reach the site over TLS.
func (c *Core) HTTPS() bool { return c.BaseURL.Scheme == "https" }

// Link returns an absolute address on this site.
func (c *Core) Link(path string) string { return c.BaseURL.JoinPath(path).String() }
