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
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
)

// drainTime bounds how long a stop waits for requests under way.
const drainTime = 15 * time.Second

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	log := c.Logger(around.stderr)
	listener, err := net.Listen("tcp", c.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use: stop what listens there, or choose another address with TIEBREAK_ADDR", c.Addr)
	}
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", c.Addr, err)
	}
	defer listener.Close()

	db, err := openDatabase(ctx, c, "serve", log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	if err := fillEmpty(ctx, db, c, log); err != nil {
		return err
	}
	address := c.Site(listener.Addr())
	site, err := web.New(ctx, web.Config{DB: db.DB, BaseURL: address, Log: log})
	if err != nil {
		return err
	}
	if err := announce(ctx, around, db, address); err != nil {
		return err
	}
	return serve(ctx, listener, site, log)
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
	if filled {
		log.Info("new database: starter guides published")
	}
	return err
}

// announce prints where the site is and, while there is no member, the link that makes the first.
func announce(ctx context.Context, around surroundings, db *database, address *url.URL) error {
	token := staff.NewToken()
	needed, err := db.NewSetupLink(ctx, staff.Digest(token))
	if err != nil {
		return err
	}
	fmt.Fprintf(around.stdout, "Tiebreak %s\n  Data     %s\n  Site     %s\n  Staff    %s\n",
		version(), db.where(), address, address.JoinPath("/staff"))
	if needed {
		fmt.Fprintf(around.stdout, "  Set up   %s\n           makes the first member of the staff, once\n", address.JoinPath("/staff/setup/", token))
	}
	return nil
}

// serve answers until ctx ends, then finishes what is under way.
func serve(ctx context.Context, listener net.Listener, site *web.Server, log *slog.Logger) error {
	server := &http.Server{
		Handler:           site,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping")
	site.Drain()
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	return server.Shutdown(limited)
}
