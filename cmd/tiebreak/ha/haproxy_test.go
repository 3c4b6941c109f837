//go:build rigs

package ha

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/acmetest"
	"tiebreak/internal/pgtest"
)

// startHAProxy starts HAProxy in front of the site, with the configuration of the manual, and returns its address. Only the
// addresses and files in it are others.
func startHAProxy(t *testing.T, s *site) (base string) {
	t.Helper()
	certificate, key := filepath.Join(s.dir, "site.pem"), filepath.Join(s.dir, "key.pem")
	acmetest.WriteCertificate(t, certificate, key, "guides.example.org")
	must(t, os.WriteFile(certificate, []byte(content(t, certificate)+content(t, key)), 0o600))
	config, own := manualHAProxy(t), fmt.Sprintf("127.0.0.1:%d", port(t))
	for from, to := range map[string]string{
		"/dev/log local0": "stderr format raw local0", "bind :80\n": fmt.Sprintf("bind 127.0.0.1:%d\n", port(t)),
		"bind :443 ": "bind " + own + " ", "/etc/haproxy/guides.pem": certificate,
		"10.0.0.11:8080": fmt.Sprintf("127.0.0.1:%d", s.ports[0]), "10.0.0.12:8080": fmt.Sprintf("127.0.0.1:%d", s.ports[1]),
	} {
		if !strings.Contains(config, from) {
			t.Fatalf("the manual's configuration of HAProxy has no %q", from)
		}
		config = strings.ReplaceAll(config, from, to)
	}
	file := filepath.Join(s.dir, "haproxy.cfg")
	must(t, os.WriteFile(file, []byte(config), 0o644))
	start(t, exec.Command(installed(t, "haproxy"), "-db", "-f", file), filepath.Join(s.dir, "haproxy.log"))
	base = "https://" + own
	pgtest.Eventually(t, timeout, "HAProxy passes requests on", func() bool {
		status, _ := get(base + guidePath)
		return status == http.StatusOK
	})
	return base
}
