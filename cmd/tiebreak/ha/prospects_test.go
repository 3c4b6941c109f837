//go:build rigs

package ha

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// answerLimit is promised: a form is answered within this time, whatever happens to the database.
const answerLimit = 5 * time.Second

// request is a project request with a key of its own.
type request struct{ key, email, project string }

func newRequest() request {
	key := rand.Text()
	return request{key: key, email: strings.ToLower(key) + "@example.org", project: "A sample project called " + key}
}

// answer is what a form got.
type answer struct {
	status  int
	receipt string // path
	page    string
	took    time.Duration
}

// noRedirects keeps connections open, as browsers do, and follows no redirect.
func noRedirects() *http.Client {
	return &http.Client{
		Transport:     anyCertificate(),
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// anyCertificate accepts the certificate of the HAProxy that the test has started.
func anyCertificate() *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: 32, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
}

// send posts the request to the site, from a network address of its own.
func (r request) send(client *http.Client, base string) (a answer, err error) {
	form := url.Values{
		"guide": {"django-vs-fastapi"}, "name": {"Sample Person"}, "email": {r.email}, "project": {r.project},
		"option": {"undecided"}, "consent": {"yes"}, "key": {r.key},
	}
	began := time.Now()
	post, err := http.NewRequest(http.MethodPost, base+"/intake", strings.NewReader(form.Encode()))
	if err != nil {
		return a, err
	}
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", mathrand.IntN(256), mathrand.IntN(256), mathrand.IntN(256)))
	response, err := client.Do(post)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	a = answer{response.StatusCode, response.Header.Get("Location"), string(page), time.Since(began)}
	return a, err
}

// problem returns what is wrong with the answer: a form is taken, or given back in time with the text. "" if nothing is.
func (a answer) problem(r request) string {
	switch {
	case a.took > answerLimit:
		return fmt.Sprintf("status %d after %v", a.status, a.took)
	case a.status == http.StatusSeeOther && a.receipt != "":
		return ""
	case a.status != http.StatusServiceUnavailable:
		return fmt.Sprintf("status %d", a.status)
	case !strings.Contains(a.page, r.project) || !strings.Contains(a.page, r.key):
		return "a page without the text or the key"
	}
	return ""
}

// acknowledged is a request that was taken.
type acknowledged struct {
	request
	receipt  string
	instance int
	at       time.Time
	tries    int
}

// prospects send requests, and remember what the site acknowledged.
type prospects struct {
	t      *testing.T
	bases  []string
	client *http.Client

	mu       sync.Mutex
	taken    []acknowledged
	refused  int // 503
	problems []string

	over atomic.Bool
	wait sync.WaitGroup
}

// eachInstance is how many prospects send to each instance at first. A try that fails is repeated at either of them.
const eachInstance = 4

// startProspects has prospects send requests, one after the other, until stop is called.
func startProspects(t *testing.T, instances []*instance) *prospects {
	p := &prospects{t: t, client: noRedirects()}
	for _, i := range instances {
		p.bases = append(p.bases, i.base)
	}
	for n := range eachInstance * len(instances) {
		p.wait.Go(func() {
			for !p.over.Load() {
				p.submit(n % len(instances))
			}
		})
	}
	t.Cleanup(p.stop)
	return p
}

func (p *prospects) stop() { p.over.Store(true); p.wait.Wait() }

// submit sends one new request until it is taken, always with the same key.
func (p *prospects) submit(instance int) {
	r := newRequest()
	for try := 1; ; try++ {
		a, err := r.send(p.client, p.bases[instance])
		problem := a.problem(r)
		if err != nil {
			problem = err.Error()
		}
		p.note(func() {
			switch {
			case problem != "":
				p.problems = append(p.problems, problem)
			case a.receipt != "":
				p.taken = append(p.taken, acknowledged{r, a.receipt, instance, time.Now(), try})
			default:
				p.refused++
			}
		})
		if a.receipt != "" || p.over.Load() && try > 3 {
			return
		}
		time.Sleep(time.Duration(mathrand.IntN(200)) * time.Millisecond) // as long as a person takes, but shorter
		instance = mathrand.IntN(len(p.bases))
	}
}

func (p *prospects) note(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
}

// all returns what was acknowledged so far.
func (p *prospects) all() []acknowledged {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.taken)
}

// firstAfter returns when each instance first took a request after the time; zero if it did not.
func (p *prospects) firstAfter(moment time.Time) []time.Time {
	first := make([]time.Time, len(p.bases))
	for _, a := range p.all() {
		if at := &first[a.instance]; a.at.After(moment) && at.IsZero() {
			*at = a.at
		}
	}
	return first
}

// longestGap returns the longest time in which no instance took a request.
func (p *prospects) longestGap() (longest time.Duration) {
	taken := p.all()
	for i := 1; i < len(taken); i++ {
		longest = max(longest, taken[i].at.Sub(taken[i-1].at))
	}
	return longest
}

// check compares what was acknowledged with what the primary holds: none is missing, and no request is there twice.
func (p *prospects) check(c *cluster) {
	p.t.Helper()
	taken := p.all()
	times := c.leads()
	lost, twice := 0, 0
	for _, a := range taken {
		if times[a.email] == 0 {
			lost++
			p.t.Errorf("%s was acknowledged by instance %d at %v and is lost", a.email, a.instance, a.at)
		}
	}
	for email, n := range times {
		if n > 1 {
			twice++
			p.t.Errorf("%s is there %d times", email, n)
		}
	}
	p.note(func() {
		for _, problem := range p.problems {
			p.t.Errorf("a form got %s", problem)
		}
		p.problems = nil
	})
}

// leads returns how many leads there are for each email address.
func (c *cluster) leads() map[string]int {
	c.t.Helper()
	times := map[string]int{}
	for _, email := range ask[[]string](c, `SELECT coalesce(array_agg(email), '{}') FROM lead_contents`) {
		times[email]++
	}
	return times
}

// repeat sends some of what was acknowledged once more to both instances: the answer is the same receipt, and it opens.
func (p *prospects) repeat() {
	p.t.Helper()
	taken := p.all()
	for range min(50, len(taken)) {
		one := taken[mathrand.IntN(len(taken))]
		for _, base := range p.bases {
			a, err := one.send(p.client, base)
			if err != nil || a.receipt != one.receipt {
				p.t.Errorf("%s again: %v, receipt %q, was %q", one.email, err, a.receipt, one.receipt)
			}
		}
		if status, _ := get(p.bases[0] + one.receipt); status != http.StatusOK {
			p.t.Errorf("the receipt of %s: status %d", one.email, status)
		}
	}
}
