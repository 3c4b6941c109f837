//go:build rigs

package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/acmetest"
	"tiebreak/internal/pgtest"
)

const recipeHost = "guides.example.org"

// recipe is how a proxy of the manual is started. Paths and ports of its recipe are replaced.
type recipe struct {
	title, language string
	prepare         func(f recipeFiles, text string) string
	start           func(f recipeFiles) *exec.Cmd
}

// recipeFiles are the files and ports of a proxy that is tested.
type recipeFiles struct {
	folder, config, log, certFile, keyFile string
	http, https                            string // ports
}

var recipes = []recipe{
	{"Caddy", "caddy", func(f recipeFiles, text string) string {
		options := fmt.Sprintf("{\nhttp_port %s\nhttps_port %s\nlocal_certs\nskip_install_trust\nadmin off\n", f.http, f.https)
		return strings.Replace(strings.ReplaceAll(text, "/var/log/caddy/guides.log", f.log), "{\n", options, 1)
	}, func(f recipeFiles) *exec.Cmd {
		return exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", f.config)
	}},
	{"nginx", "nginx", func(f recipeFiles, text string) string {
		text = strings.NewReplacer(
			"    listen [::]:80;\n", "", "    listen [::]:443 ssl http2;\n", "", "listen 80;", "listen "+f.http+";",
			"listen 443 ssl", "listen "+f.https+" ssl", "https://"+recipeHost, "https://"+recipeHost+":"+f.https,
			"/etc/letsencrypt/live/guides.example.org/fullchain.pem", f.certFile,
			"/etc/letsencrypt/live/guides.example.org/privkey.pem", f.keyFile,
			"/var/log/nginx/guides.log", f.log, "/var/log/nginx/guides-error.log", f.log).Replace(text)
		return fmt.Sprintf("daemon off; pid %[1]s/pid; events {}\nhttp {\nclient_body_temp_path %[1]s/body;\n"+
			"proxy_temp_path %[1]s/proxy;\n%[2]s\n}\n", f.folder, text)
	}, func(f recipeFiles) *exec.Cmd {
		return exec.Command("nginx", "-e", f.folder+"/start.log", "-c", f.config)
	}},
	{"HAProxy", "haproxy", func(f recipeFiles, text string) string {
		return strings.NewReplacer(
			"/dev/log local0", "stdout format raw local0", "bind :80", "bind :"+f.http, "bind :443", "bind :"+f.https,
			"https://"+recipeHost, "https://"+recipeHost+":"+f.https, "/etc/haproxy/guides.pem", f.certFile).Replace(text)
	}, func(f recipeFiles) *exec.Cmd { return exec.Command("haproxy", "-db", "-f", f.config) }},
}

// TestProxyRecipesOfTheManualWork starts each proxy with its recipe before two instances.
func TestProxyRecipesOfTheManualWork(t *testing.T) {
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin")
	for _, r := range recipes {
		t.Run(r.title, func(t *testing.T) {
			if _, err := exec.LookPath(r.language); err != nil {
				t.Fatalf("install the package %s", r.language)
			}
			cluster := pgtest.Start(t, siteFolder(t))
			files := r.files(t)
			env := []string{
				"DATABASE_URL=" + cluster.URL(), "TIEBREAK_BASE_URL=https://" + recipeHost + ":" + files.https,
				"TIEBREAK_TRUSTED_PROXIES=127.0.0.1/32",
			}
			var instances []*server
			var addresses []string
			for range 2 {
				address := acmetest.FreeAddress(t)
				instances, addresses = append(instances, serveAt(t, address, env...)), append(addresses, address)
			}
			r.run(t, files, addresses)
			p := proxied{t, files}
			receipt := p.wantSite()
			p.wantClientAddresses()
			instances[0].kill()
			p.wantOtherInstance()
			p.wantNoSecretsInLog(receipt)
		})
	}
}

// serveAt starts an instance at the address.
func serveAt(t *testing.T, address string, env ...string) *server {
	t.Helper()
	s := &server{t: t, cmd: command(t, dataFolder(t), "serve"), base: "http://" + address}
	s.cmd.Env = append(append(s.cmd.Env, env...), "TIEBREAK_ADDR="+address)
	must(t, s.cmd.Start())
	t.Cleanup(s.stop)
	pgtest.Eventually(t, firstStart, "the instance is up", func() bool { return ready(s.base) })
	return s
}

func (r recipe) files(t *testing.T) recipeFiles {
	t.Helper()
	folder := dataFolder(t)
	must(t, os.Chmod(folder, 0o755))
	f := recipeFiles{
		folder: folder, config: filepath.Join(folder, "config"), log: filepath.Join(folder, "log"),
		certFile: filepath.Join(folder, "site.pem"), keyFile: filepath.Join(folder, "key.pem"),
	}
	acmetest.WriteCertificate(t, f.certFile, f.keyFile, recipeHost)
	if r.language == "haproxy" { // one file with both
		writeFile(t, f.certFile, readFile(t, f.certFile)+readFile(t, f.keyFile))
	}
	_, f.http, _ = net.SplitHostPort(acmetest.FreeAddress(t))
	_, f.https, _ = net.SplitHostPort(acmetest.FreeAddress(t))
	return f
}

// run starts the proxy until the test ends.
func (r recipe) run(t *testing.T, f recipeFiles, instances []string) {
	t.Helper()
	page, err := manual.ReadFile("help/tls.md")
	must(t, err)
	_, text, found := strings.Cut(string(page), "```"+r.language+"\n")
	text, _, closed := strings.Cut(text, "\n```")
	if !found || !closed || !strings.Contains(text, "10.0.0.11:8080") || !strings.Contains(text, "10.0.0.12:8080") {
		t.Fatalf("the manual has no recipe for %s with two instances: %s", r.title, text)
	}
	text = strings.NewReplacer("10.0.0.11:8080", instances[0], "10.0.0.12:8080", instances[1]).Replace(text)
	writeFile(t, f.config, r.prepare(f, text+"\n"))
	cmd := r.start(f)
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+f.folder, "XDG_CONFIG_HOME="+f.folder)
	log, err := os.OpenFile(f.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	must(t, err)
	must(t, log.Chmod(0o666))
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s", readFile(t, f.log))
		}
	})
	pgtest.Eventually(t, firstStart, r.title+" answers", func() bool {
		answer, err := (proxied{t, f}).client("127.0.0.9").Get("https://" + recipeHost + "/readyz")
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}
