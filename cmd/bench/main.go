// Command bench measures the site against the least that could do the same, in one run on one machine, and prints ratios:
// absolute figures tell of the machine. Run it with "make bench".
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"time"
)

// path is the page that is measured.
const path = "/compare/django-vs-fastapi"

func main() {
	var s settings
	flag.StringVar(&s.program, "program", "bin/tiebreak", "the built program")
	flag.IntVar(&s.rounds, "rounds", 9, "rounds for each number of connections")
	flag.DurationVar(&s.round, "round", 1500*time.Millisecond, "length of a round")
	bare := flag.String("bare", "", "serve the answer in the file with a bare handler; the bench starts itself so")
	desk := flag.String("desk", "", "measure the staff's list instead, with leads that are kept in the folder")
	flag.Parse()

	err := func() error {
		if *desk != "" {
			return compareDesk(*desk)
		}
		if *bare != "" {
			return serveBare(*bare)
		}
		return s.run()
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type settings struct {
	program string
	rounds  int
	round   time.Duration
}

// run measures both targets in turn, round by round, so that whatever else the machine does meets both.
func (s settings) run() error {
	folder, err := os.MkdirTemp("", "tb")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	// PostgreSQL's own user has to enter.
	if err := os.Chmod(folder, 0o755); err != nil {
		return err
	}
	site, err := startSite(s.program, folder)
	if err != nil {
		return err
	}
	defer site.stop()
	weights, body, err := firstView(site.base)
	if err != nil {
		return err
	}
	bare, err := startBare(folder, site.base+path)
	if err != nil {
		return err
	}
	defer bare.stop()

	fmt.Printf("Guide page, %d bytes with brotli; first view %d bytes (%v)\n\n", len(body), weights.sum(), weights)
	if err := s.compare(site, bare); err != nil {
		return err
	}
	if err := s.compareStorm(site, folder); err != nil {
		return err
	}
	return s.compareIntake(site, folder)
}

// reading asks for a page as a browser does.
func reading(path string) asking {
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: site\r\nAccept-Encoding: gzip, deflate, br\r\nUser-Agent: " +
		"bench\r\n\r\n")
	return asking{func() []byte { return request }, http.StatusOK}
}

// compare prints a line for each number of connections.
func (s settings) compare(site, bare *target) error {
	fmt.Println("connections  requests a second          p50            p99            CPU a request  memory")
	fmt.Println("             site    bare   ratio       site   bare    site   bare    ratio          site")
	for _, connections := range []int{1, 64, 256} {
		var rows []pair
		for range s.rounds {
			a, err := measure(site, reading(path), connections, s.round)
			if err != nil {
				return err
			}
			b, err := measure(bare, reading(path), connections, s.round)
			if err != nil {
				return err
			}
			rows = append(rows, pair{a, b})
		}
		report(connections, rows)
	}
	return nil
}

// serveBare answers every request with the answer in the file, its headers too: what net/http costs by itself.
func serveBare(file string) error {
	kept, err := os.Open(file)
	if err != nil {
		return err
	}
	defer kept.Close()
	answer, err := http.ReadResponse(bufio.NewReader(kept), nil)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Header.Del("Date") // which each answer has of its own
	listener, err := listenAnywhere()
	if err != nil {
		return err
	}
	fmt.Printf("  Site  http://%s\n", listener.Addr())
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), answer.Header)
		_, _ = w.Write(body)
	}))
}
