package main

import (
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync/atomic"
	"time"
)

// intakeSQL is what one intake does in the database.
//
//go:embed intake.sql
var intakeSQL string

// compareIntake measures our intake against pgbench with the same statements on the same PostgreSQL: what is lost on the
// way through HTTP, the form, the driver and the mails, which go out during the site's rounds. The baseline must not
// depend on what it is compared with: it begins once the site is idle, and its jobs wait in a queue that nothing works.
func (s settings) compareIntake(site *target, folder string) error {
	script := filepath.Join(folder, "intake.sql")
	if err := os.WriteFile(script, []byte(intakeSQL), 0o644); err != nil {
		return err
	}
	program, err := pgbench()
	if err != nil {
		return err
	}
	fmt.Println("\nIntake, against pgbench with the same statements\n\n    clients  leads a second\n             site  " +
		"pgbench  ratio")
	for _, clients := range []int{1, 16, 64} {
		var ours, theirs, ratios []float64
		for range (s.rounds + 1) / 2 {
			a, err := measure(site, sending(), clients, 2*s.round)
			if err != nil {
				return err
			}
			if err := site.awaitIdle(5 * time.Minute); err != nil {
				return err
			}
			b, err := runPGBench(program, folder, script, clients, 2*s.round)
			if err != nil {
				return err
			}
			ours, theirs, ratios = append(ours, a.rate), append(theirs, b), append(ratios, a.rate/b)
		}
		fmt.Printf("%11d  %4.0f %8.0f  %s\n", clients, median(ours), median(theirs), spread(ratios))
	}
	return nil
}

// sending posts requests, each another lead of another prospect.
func sending() asking {
	var sent atomic.Int64
	began := time.Now().UnixNano()
	return asking{func() []byte {
		n := fmt.Sprintf("%d-%d", began, sent.Add(1))
		body := "project=A+sample+project&name=Sample+Person&email=sample-" + n +
			"%40example.org&option=django&consent=yes&guide=django-vs-fastapi&key=" + n
		return fmt.Appendf(nil, "POST /intake HTTP/1.1\r\nHost: site\r\nContent-Type: "+
			"application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}, http.StatusSeeOther}
}

// pgbench comes with PostgreSQL's server.
func pgbench() (string, error) {
	if found, err := exec.LookPath("pgbench"); err == nil {
		return found, nil
	}
	places := []string{filepath.Join(os.Getenv("PG_BIN"), "pgbench")}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	for _, place := range append(places, found...) {
		if _, err := os.Stat(place); err == nil {
			return place, nil
		}
	}
	return "", errors.Join(errors.New("pgbench is not there: it comes with PostgreSQL; PG_BIN names its folder"), err)
}

var tps = regexp.MustCompile(`tps = ([0-9.]+) \(without`)

func runPGBench(program, folder, script string, clients int, round time.Duration) (perSecond float64, err error) {
	out, err := exec.Command(program, "--no-vacuum", "--protocol=prepared", "--host", filepath.Join(folder, "pg", "run"),
		"--username", "app",
		"--client", strconv.Itoa(clients), "--jobs", strconv.Itoa(min(clients, 2)), "--time", strconv.Itoa(int(round.Seconds())),
		"--file", script, "tiebreak").CombinedOutput()
	found := tps.FindSubmatch(out)
	if err != nil || found == nil {
		return 0, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
