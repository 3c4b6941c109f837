package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"tiebreak/internal/certificate"
)

// ports is what the program listens on: one port and, if it does TLS itself, another one for plain HTTP.
type ports struct {
	site         net.Listener
	plain        net.Listener        // nil where a proxy does TLS
	certificates *certificate.Keeper // likewise
}

// listen takes the ports, before anything else is begun.
func (p *program) listen() (taken ports, err error) {
	if taken.site, err = listen(p.Address(), "TIEBREAK_ADDR"); err != nil || !p.HTTPS() {
		return taken, err
	}
	if taken.plain, err = listen(p.PlainAddress(), "TIEBREAK_HTTP_ADDR"); err != nil {
		taken.close()
	}
	return taken, err
}

// listen takes the address, which was set by the variable.
func listen(address, variable string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: stop the program that uses it, or choose another address with %s", address,
			variable)
	}
	if errors.Is(err, syscall.EACCES) {
		return nil, fmt.Errorf("%s: only a privileged program may listen on ports below 1024. With systemd, set "+
			"AmbientCapabilities=CAP_NET_BIND_SERVICE. Or choose another port with %s and have this one forwarded to it", address,
			variable)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return listener, nil
}

// close closes the ports, which may be closed already.
func (p ports) close() {
	for _, listener := range []net.Listener{p.site, p.plain} {
		if listener != nil {
			_ = listener.Close()
		}
	}
}

// secure has the program do TLS itself, if that is set.
func (p *program) secure(ctx context.Context, ports *ports, address *url.URL) (err error) {
	if !p.HTTPS() {
		return nil
	}
	ports.certificates, err = certificate.New(ctx, certificate.Config{
		DB: p.db, BaseURL: address, Directory: p.Directory(), Program: "tiebreak/" + version(), Log: p.log,
	})
	return err
}

// certificateUntil returns what tells when the certificate expires, nil where a proxy does TLS.
func (p ports) certificateUntil() func() time.Time {
	if p.certificates == nil {
		return nil
	}
	return p.certificates.Until
}

// alive reports, by its error, whether this program answers a visitor of the port for plain HTTP.
func (p ports) alive(ctx context.Context) error {
	address := p.site.Addr()
	if p.plain != nil {
		address = p.plain.Addr()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address.String()+"/livez", nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // a new connection, as a visitor has
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("/livez answers %s", answer.Status)
	}
	return nil
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
		ErrorLog:          stdlog.New(serverLog{log}, "", 0),
	}
}

// serverLog logs what net/http has to say, but not which handshakes failed: strangers try all the time, and it names their
// address.
type serverLog struct{ *slog.Logger }

func (l serverLog) Write(entry []byte) (int, error) {
	if !bytes.HasPrefix(entry, []byte("http: TLS handshake error")) {
		l.Warn(strings.TrimSpace(string(entry)))
	}
	return len(entry), nil
}
