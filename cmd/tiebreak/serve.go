package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"tiebreak/internal/config"
	"tiebreak/internal/guide/starter"
	"tiebreak/internal/mail"
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
)

// stopTime bounds how long a stop waits for requests under way.
const stopTime = 15 * time.Second

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	buffered := newBufferedLog(around.stderr, c)
	defer buffered.out.flush()
	log := slog.New(buffered)
	listener, err := listen(c.Addr, "TIEBREAK_ADDR")
	if err != nil {
		return err
	}
	defer listener.Close()

	db, err := openDatabase(ctx, c, "serve", log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	warnOfShortage(db, log)
	if err := fillEmpty(ctx, db, c, log); err != nil {
		return err
	}
	address := c.Site(listener.Addr())
	site, err := web.New(ctx, web.Config{DB: db.DB, BaseURL: address, Proxies: c.TrustedProxies(), Version: version(), Log: log})
	if err != nil {
		return err
	}
	sender := c.Sender(address)
	mail, err := mail.New(ctx, mail.Config{
		DB: db.DB, BaseURL: address, SMTP: c.SMTPURL, Folder: c.MailFolder(), Staff: c.Staff(), Log: log,
		From: sender.Address, FromName: sender.Name, Refused: site.CountRefusal,
	})
	if err != nil {
		return err
	}
	if err := serveMetrics(c.MetricsAddr, site, log); err != nil {
		return err
	}
	if err := announce(ctx, around, db, address, c); err != nil {
		return err
	}
	defer inBackground(ctx, site.Watch)()
	defer inBackground(ctx, mail.Run)()
	return serve(ctx, listener, site, c.Drain, log)
}

// inBackground runs work until stop is called, which waits for its end.
func inBackground(ctx context.Context, work func(ctx context.Context)) (stop func()) {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() { work(working); close(done) }()
	return func() { cancel(); <-done }
}

// listen takes the address, which was set by the variable.
func listen(address, variable string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: stop what listens there, or choose another address with %s", address, variable)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return listener, nil
}

// serveMetrics serves the counts on an address of their own, out of visitors' reach, until the program ends.
func serveMetrics(address string, site *web.Server, log *slog.Logger) error {
	if address == "" {
		return nil
	}
	listener, err := listen(address, "TIEBREAK_METRICS_ADDR")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", site.Metrics())
	server := newServer(mux, log)
	go func() { log.Error("metrics", "error", server.Serve(listener)) }()
	return nil
}

// warnOfShortage says what allows fewer connections to the database than we would open: we make do, slower under load.
func warnOfShortage(db *database, log *slog.Logger) {
	if s := db.Shortage(); s != nil {
		log.Warn(fmt.Sprintf("Tiebreak opens up to %d connections to the database; %s allows %d: raise it with %s",
			s.Opens, s.By, s.Allowed, s.Remedy))
	}
}

// fillEmpty gives a new database its first guides.
func fillEmpty(ctx context.Context, db *database, c config.Config, log *slog.Logger) error {
	if c.Starter == "none" {
		return nil
	}
	folder, err := starter.Folder()
	if err != nil {
		return err
	}
	filled, err := db.Start(ctx, folder)
	if err != nil {
		return err
	}
	if filled {
		log.Info("new database: starter guides published")
	}
	return nil
}

// announce prints where the site is and, while there is no member, the link that makes the first.
func announce(ctx context.Context, around surroundings, db *database, address *url.URL, c config.Config) error {
	token := staff.NewToken()
	needed, err := db.NewSetupLink(ctx, staff.Digest(token))
	if err != nil {
		return err
	}
	mail := "by the server of TIEBREAK_SMTP_URL"
	if c.SMTPURL == "" {
		mail = "kept as files in " + c.MailFolder() + ": set TIEBREAK_SMTP_URL to send it"
	}
	fmt.Fprintf(around.stdout, "Tiebreak %s\n  Data     %s\n  Mail     %s\n  Site     %s\n  Staff    %s\n",
		version(), db.where(), mail, address, address.JoinPath("/staff"))
	if needed {
		fmt.Fprintf(around.stdout, "  Set up   %s\n           makes the first member of the staff, once\n",
			address.JoinPath("/staff/setup/", token))
	}
	return nil
}

// serve answers until ctx ends and for the drain time after that, in which /readyz says no and a balancer can send requests
// elsewhere. Then it finishes what is under way.
func serve(ctx context.Context, listener net.Listener, site *web.Server, drain time.Duration, log *slog.Logger) error {
	server := newServer(site, log)
	server.RegisterOnShutdown(site.Stop)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping", "drain", drain)
	site.Drain()
	select {
	case err := <-failed:
		return err
	case <-time.After(drain):
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	err := server.Shutdown(limited)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("stopped before every answer was finished", "waited", stopTime)
		return server.Close()
	}
	return err
}

// newServer bounds what a slow or greedy client can hold. The head of a request may pause as a form may, for 10 seconds, and then
// there is some time left. Forms have times of their own: see the site's pace.
func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 15 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
