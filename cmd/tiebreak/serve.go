package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"tiebreak/internal/doctor"
	"tiebreak/internal/guide/starter"
	"tiebreak/internal/mail"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/staff"
	"tiebreak/internal/web"
	"tiebreak/internal/web/page"
)

const (
	// stopTime limits how long a stop waits for requests that have begun.
	stopTime = 15 * time.Second
	// finishTime limits how long a stop then waits for emails and other work in the background.
	finishTime = 15 * time.Second
	// stopLimit is what systemd allows for the whole stop after the drain time: requests, emails and PostgreSQL.
	stopLimit = 90 * time.Second
)

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(ctx context.Context, p *program) error {
	log, flush := p.BufferedLogger(os.Stderr)
	defer flush()
	p.log = log
	p.LimitMemory(log)
	ports, err := p.listen()
	if err != nil {
		return err
	}
	defer ports.close()

	open := func() error { return p.open(ctx, "serve") }
	if err := p.service.Starting("Waiting for the database", open); err != nil {
		return err
	}
	p.warnOfShortage()
	if err := p.fillEmpty(ctx); err != nil {
		return err
	}
	address := p.Site(ports.site.Addr().String())
	if err := p.secure(ctx, &ports, address); err != nil {
		return err
	}
	site, work, err := p.newSite(ctx, ports, address)
	if err != nil {
		return err
	}
	if err := p.serveMetrics(site.Metrics()); err != nil {
		return err
	}
	if err := p.announce(ctx, address, ports); err != nil {
		return err
	}
	defer p.inBackground(ctx, work...)()
	return p.serve(ctx, ports, site, address)
}

// newSite returns the site at the address, and the work that it needs done in the background.
func (p *program) newSite(ctx context.Context, ports ports, address *url.URL) (
	site *web.Server, work []func(ctx context.Context), err error,
) {
	var sender *mail.Service
	site, err = web.New(ctx, web.Config{
		Config: page.Config{
			DB: p.db, BaseURL: address, Proxies: p.TrustedProxies(), Log: p.log, Doctor: doctor.New(p.doctorConfig(address)),
			Backups: p.BackupFolder() != "", AnswersHere: p.ReplyAddress() != "", Mailbox: p.MailboxName(),
		},
		Version:          version(),
		CertificateUntil: ports.certificateUntil(),
		SendTest:         func(ctx context.Context, to string) (mailcheck.Email, error) { return sender.SendTest(ctx, to) },
	})
	if err != nil {
		return nil, nil, err
	}
	backups, err := p.backups()
	if err != nil {
		return nil, nil, err
	}
	if sender, err = p.newMail(ctx, address, site, backups); err != nil {
		return nil, nil, err
	}
	incoming, err := p.newMailbox(ctx, site)
	if err != nil {
		return nil, nil, err
	}
	work = append(work, site.Watch, sender.Run)
	if ports.certificates != nil {
		work = append(work, ports.certificates.Run)
	}
	if incoming != nil {
		work = append(work, incoming.Run)
	}
	if backups != nil {
		work = append(work, backups.Run)
	}
	return site, work, nil
}

// newMailbox returns what reads incoming email, or nil if no mailbox is set.
func (p *program) newMailbox(ctx context.Context, site *web.Server) (*mailbox.Watcher, error) {
	if p.IMAPURL == "" {
		return nil, p.db.MailboxUnused(ctx)
	}
	return mailbox.New(ctx, mailbox.Config{
		DB: p.db, URL: p.IMAPURL, Log: p.log, Took: func(what mailbox.Outcome) { site.CountIncoming(string(what)) },
	})
}

// inBackground runs all the work until stop is called, which waits for its end, for finishTime at most: a database that does not
// answer must not hold up a stop.
func (p *program) inBackground(ctx context.Context, work ...func(ctx context.Context)) (stop func()) {
	working, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wait sync.WaitGroup
	for _, run := range work {
		wait.Go(func() { run(working) })
	}
	done := make(chan struct{})
	go func() { wait.Wait(); close(done) }()
	return func() {
		cancel()
		select {
		case <-done:
		case <-time.After(finishTime):
			p.log.Warn("stopped before the work in the background was finished", "waited", finishTime)
		}
	}
}

// serveMetrics serves the metrics on an address of their own, out of visitors' reach, until the program ends.
func (p *program) serveMetrics(metrics http.Handler) error {
	if p.MetricsAddr == "" {
		return nil
	}
	listener, err := listen(p.MetricsAddr, "TIEBREAK_METRICS_ADDR")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	server := newServer(mux, p.log)
	go func() { p.log.Error("metrics", "error", server.Serve(listener)) }()
	return nil
}

// warnOfShortage logs what allows fewer connections to the database than we would open: we make do, slower under load.
func (p *program) warnOfShortage() {
	if s := p.db.Shortage(); s != nil {
		p.log.Warn(fmt.Sprintf("Tiebreak opens up to %d connections to the database; %s allows %d: raise it with %s",
			s.Opens, s.By, s.Allowed, s.Remedy))
	}
}

// fillEmpty gives a new database its first guides.
func (p *program) fillEmpty(ctx context.Context) error {
	if p.Starter == "none" {
		return nil
	}
	folder, err := starter.Folder()
	if err != nil {
		return err
	}
	filled, err := p.db.Start(ctx, folder)
	if filled {
		p.log.Info("new database: starter guides published")
	}
	return err
}

// announce prints where the site is and, while there is no member, the link that makes the first.
func (p *program) announce(ctx context.Context, address *url.URL, ports ports) error {
	token := staff.NewToken()
	needed, err := p.db.NewSetupLink(ctx, staff.Digest(token))
	if err != nil {
		return err
	}
	mail := "by the server of TIEBREAK_SMTP_URL"
	if p.SMTPURL == "" {
		mail = "kept as files in " + p.MailFolder() + ": set TIEBREAK_SMTP_URL to send it"
	}
	fmt.Printf("Tiebreak %s\n  Data     %s\n  Backup   %s\n  Mail     %s\n  Answers  %s\n  Site     %s\n  Staff    %s\n",
		version(), p.databasePlace(), p.backupPlace(), mail, p.answersPlace(), address, address.JoinPath("/staff"))
	if ports.certificates != nil {
		fmt.Printf("  HTTPS    %s\n  HTTP     %s redirects to HTTPS\n  TLS      %s\n", ports.site.Addr(), ports.plain.Addr(),
			ports.certificates.Describe(ctx))
	}
	if needed {
		fmt.Printf("  Set up   %s\n           makes the first member of the staff, once\n",
			address.JoinPath("/staff/setup/", token))
	}
	return nil
}

// answersPlace says where answers to emails go.
func (p *program) answersPlace() string {
	switch {
	case p.IMAPURL == "":
		return "go to the member who replied: set TIEBREAK_IMAP_URL to read them here"
	case p.ReplyAddress() == "":
		return "go to the member who replied, and the mailbox of TIEBREAK_IMAP_URL is read: set TIEBREAK_REPLY_ADDRESS too"
	}
	return "are read from the mailbox of TIEBREAK_IMAP_URL"
}

// serve answers until ctx ends and for the drain time after that, in which /readyz says no and a balancer can send requests
// elsewhere. Then it finishes the requests that have begun.
func (p *program) serve(ctx context.Context, ports ports, site *web.Server, address *url.URL) error {
	servers, failed := p.start(ports, site)
	serving := ctx
	stopWatching := p.inBackground(ctx, func(ctx context.Context) {
		p.service.Watch(ctx, func() string { return p.status(serving, ports, address) }, ports.alive)
	})
	defer stopWatching()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	p.log.Info("stopping", "drain", p.DrainTime())
	p.service.Stopping("Draining", p.DrainTime()+stopLimit)
	site.Drain()
	select {
	case err := <-failed:
		return err
	case <-time.After(p.DrainTime()):
	}
	stopWatching()
	p.service.SetStatus("Finishing what is under way")
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	var problems error
	for _, server := range servers {
		err := server.Shutdown(limited)
		if errors.Is(err, context.DeadlineExceeded) {
			p.log.Warn("stopped before every answer was finished", "waited", stopTime)
			err = server.Close()
		}
		problems = errors.Join(problems, err)
	}
	return problems
}

// status returns what systemd shows of the program, "" once ctx has ended.
func (p *program) status(ctx context.Context, ports ports, address *url.URL) string {
	status := "Serving " + address.String()
	switch {
	case ctx.Err() != nil:
		return ""
	case p.db.Away():
		status += ", but the database is away"
	case ports.certificates != nil && ports.certificates.Until().IsZero():
		status += ", but there is no certificate yet"
	}
	return status
}

// start has servers answer at the ports, and returns what tells that one of them failed.
func (p *program) start(ports ports, site *web.Server) ([]*http.Server, <-chan error) {
	main := newServer(site, p.log)
	main.RegisterOnShutdown(site.Stop)
	failed := make(chan error, 2)
	if ports.certificates == nil {
		go func() { failed <- main.Serve(ports.site) }()
		return []*http.Server{main}, failed
	}
	main.TLSConfig = ports.certificates.TLS()
	plain := newServer(ports.certificates.Plain(site), p.log)
	go func() { failed <- main.ServeTLS(ports.site, "", "") }()
	go func() { failed <- plain.Serve(ports.plain) }()
	return []*http.Server{main, plain}, failed
}
