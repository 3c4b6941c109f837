package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

// The limits that must hold while one client asks for the dearest pages on whole connections.
const (
	whole        = 512
	answered     = time.Second // the form and the probe
	slowerAtMost = 5           // times the p99 of cached guides while it is quiet
)

// TestOneClientDoesNotTakeTheSiteAway floods the program with each of its dearest addresses in turn, on 24 connections and with
// 40 guides, or TIEBREAK_FLOOD_CONNECTIONS and TIEBREAK_FLOOD_GUIDES. Times are held to their limits in the whole flood only.
func TestOneClientDoesNotTakeTheSiteAway(t *testing.T) {
	connections := pgtest.Rounds(t, "TIEBREAK_FLOOD_CONNECTIONS", 24)
	guides := pgtest.Rounds(t, "TIEBREAK_FLOOD_GUIDES", 40)
	folder := siteFolder(t)
	mustRun(t, folder, "", "demo", "--guides", fmt.Sprint(guides), "--options", "60", "--leads", "0")
	site := serveOn(t, folder, "TIEBREAK_TRUSTED_PROXIES=127.0.0.0/8")
	span := time.Second / 2
	if connections >= whole {
		span = 8 * time.Second
	}
	visit(t, site.base, span/4) // what is drawn once is drawn
	for name, paths := range dearest(t, site.base) {
		quiet := visit(t, site.base, span)
		stop := flood(t, site.base, connections, paths)
		loud := visit(t, site.base, span)
		taken := stop()
		t.Logf("%-10s %s; cached guide p50 %v, p99 %v (quiet %v, %v); form at most %v, probe %v", name, taken,
			loud.guides.at(50), loud.guides.at(99), quiet.guides.at(50), quiet.guides.at(99), loud.forms.at(100),
			loud.probes.at(100))
		if connections < whole {
			continue
		}
		if loud.forms.at(100) > answered || loud.probes.at(100) > answered {
			t.Errorf("%s: the form or the probe takes more than %v", name, answered)
		}
		if loud.guides.at(99) > slowerAtMost*quiet.guides.at(99) {
			t.Errorf("%s: cached guides are slower than %d times the quiet p99", name, slowerAtMost)
		}
	}
}

var located = regexp.MustCompile(`<loc>([^<]*)</loc>`)

// dearest returns the addresses that cost most, by kind: many of each, in an order that no cache knows.
func dearest(t *testing.T, base string) map[string][]string {
	t.Helper()
	var guides, options []string
	for _, match := range located.FindAllStringSubmatch(read(t, base+"/sitemap.xml"), -1) {
		path := strings.TrimPrefix(match[1], base)
		if strings.HasPrefix(path, "/compare/") {
			guides = append(guides, path)
		} else if strings.HasPrefix(path, "/options/") {
			options = append(options, path)
		}
	}
	random := pgtest.Random(t)
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	conditions := conditionsOf(t, base+guides[0]+".json")
	ticks := func() string {
		some := slices.DeleteFunc(slices.Clone(conditions), func(string) bool { return random.IntN(2) == 0 })
		return "?" + url.Values{"tick": some, "n": {fmt.Sprint(random.IntN(1e9))}}.Encode()
	}
	anew := func() string { return fmt.Sprintf("?n=%d", random.IntN(1e9)) } // no address that was asked for before
	kinds := map[string]func() string{
		"ticks":     func() string { return guides[0] + ticks() },
		"decisions": func() string { return guides[0] + "/decision.md" + ticks() },
		"searches":  func() string { return "/search?q=" + misspelt(random) },
		"guides":    func() string { return pick(guides) + pick([]string{"", ".json", ".md", "/changes", "/card.png"}) },
		"options":   func() string { return pick(options) + anew() },
		"lists":     func() string { return pick([]string{"/", "/sitemap.xml", "/llms.txt", "/feed.atom"}) + anew() },
		"nothing":   func() string { return "/compare/nothing-vs-django" + anew() },
	}
	dear := map[string][]string{}
	for name, make := range kinds {
		for range 5000 {
			dear[name] = append(dear[name], make())
			dear["all"] = append(dear["all"], make())
		}
	}
	random.Shuffle(len(dear["all"]), func(i, j int) { dear["all"][i], dear["all"][j] = dear["all"][j], dear["all"][i] })
	return dear
}

// conditionsOf returns the ids of a guide's conditions.
func conditionsOf(t *testing.T, address string) (ids []string) {
	t.Helper()
	var record struct{ Conditions []struct{ ID string } }
	if err := json.Unmarshal([]byte(read(t, address)), &record); err != nil || len(record.Conditions) < 4 {
		t.Fatalf("%d conditions (%v)", len(record.Conditions), err)
	}
	for _, c := range record.Conditions {
		ids = append(ids, c.ID)
	}
	return ids
}

// misspelt returns eight long words that no page has.
func misspelt(random *rand.Rand) string {
	words := make([]string, 8)
	for i := range words {
		letters := []byte("frameworkadministrationdatabase")
		random.Shuffle(len(letters), func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
		words[i] = string(letters[:12])
	}
	return strings.Join(words, "+")
}

// times holds how long answers took, shortest first.
type times []time.Duration

func (s times) at(percent int) time.Duration { return s[min(len(s)*percent/100, len(s)-1)] }

// visits holds how long other people waited.
type visits struct{ guides, forms, probes times }

// visit reads cached guides, sends requests and probes the site for the span, each from an address of its own.
func visit(t *testing.T, base string, span time.Duration) visits {
	t.Helper()
	first := located.FindAllStringSubmatch(read(t, base+"/sitemap.xml"), 2)[1][1]
	var v visits
	var wait sync.WaitGroup
	for _, one := range []struct {
		took  *times
		pause time.Duration
		want  int
		ask   func(n int) *http.Request
	}{
		{&v.guides, 5 * time.Millisecond, http.StatusOK, func(int) *http.Request { return request(t, "GET", first, nil) }},
		{&v.forms, 100 * time.Millisecond, http.StatusSeeOther, func(n int) *http.Request {
			return request(t, "POST", base+"/intake", url.Values{
				"project": {"A sample project"}, "name": {"Sample Person"},
				"email":  {fmt.Sprintf("sample-%d-%d@example.org", n, rand.IntN(1e9))},
				"option": {"undecided"}, "consent": {"yes"}, "key": {fmt.Sprint(rand.Int64())},
			})
		}},
		{
			&v.probes, 100 * time.Millisecond, http.StatusOK,
			func(int) *http.Request { return request(t, "GET", base+"/readyz", nil) },
		},
	} {
		wait.Go(func() {
			client := &http.Client{
				Transport:     &http.Transport{},
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}
			pace := time.NewTicker(one.pause)
			defer pace.Stop()
			for n, until := 0, time.Now().Add(span); n == 0 || time.Now().Before(until); n++ {
				<-pace.C
				began := time.Now()
				answer, err := client.Do(one.ask(n))
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
				*one.took = append(*one.took, time.Since(began))
				if answer.StatusCode != one.want {
					t.Errorf("%s answers %d", answer.Request.URL.Path, answer.StatusCode)
				}
			}
		})
	}
	wait.Wait()
	for _, took := range []times{v.guides, v.forms, v.probes} {
		slices.Sort(took)
	}
	return v
}

// request returns a request of a client that never asked before.
func request(t *testing.T, method, address string, form url.Values) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	must(t, err)
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", 100+rand.IntN(100), rand.IntN(256)))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// flood has another process ask for the paths as one client, on that many connections at once, until stop is called, which
// returns how many answers the client had.
func flood(t *testing.T, base string, connections int, paths []string) (stop func() string) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self)
	host := strings.Replace(strings.TrimPrefix(base, "http://"), "localhost", "127.0.0.1", 1)
	cmd.Env = append(os.Environ(), "TIEBREAK_TEST_FLOODS="+host, fmt.Sprintf("TIEBREAK_TEST_CONNECTIONS=%d", connections))
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\n"))
	var taken strings.Builder
	cmd.Stdout = &taken
	must(t, cmd.Start())
	return func() string {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the flood: %v", err)
		}
		return taken.String()
	}
}
