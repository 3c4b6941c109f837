package main

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
)

func TestDemoFillsARunningSiteOnceAndShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	folder := dataFolder(t)
	site := serveOn(t, folder)

	first := tiebreak(t, folder, "", "demo", "--guides", "30", "--options", "10", "--leads", "60")
	if first.code != exitDone || !strings.Contains(first.stdout, "30 sample guides") ||
		!strings.Contains(first.stderr, "100%  100 of 100") {
		t.Errorf("%+v", first)
	}
	if strings.Contains(first.stderr, "\r") {
		t.Errorf("a line is drawn over where that cannot be: %q", first.stderr)
	}
	if page := read(t, site.base+"/compare/sample-1-vs-sample-2"); !strings.Contains(page, "This guide is sample text") {
		t.Error("the page does not say that it is a sample")
	}
	listed := tiebreak(t, folder, "", "lead", "list")
	if lines := strings.Count(listed.stdout, "\n"); lines != 61 || !strings.Contains(listed.stdout, "Sample Person 0000") {
		t.Errorf("%d lines list the leads: %s", lines, listed.stdout)
	}
	again := tiebreak(t, folder, "", "demo", "--guides", "30", "--options", "10", "--leads", "60")
	wantOneLine(t, again, "sample leads already")

	post(t, site.base, url.Values{"key": {"one"}})
	wantOneLine(t, tiebreak(t, folder, "", "demo"), "real leads")
}

func TestDemoRefusesNumbersThatDoNotFit(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()

	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"one option":          {[]string{"--options", "1"}, "--options is a number from 2 up"},
		"more than the pairs": {[]string{"--options", "3", "--guides", "5"}, "--guides is a number from 1 to 4"},
		"no guide":            {[]string{"--guides", "0"}, "--guides is a number from 1 to"},
		"fewer than no lead":  {[]string{"--leads=-1"}, "--leads is a number from 0"},
		"half a guide":        {[]string{"--guides", "1.5"}, "1.5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tiebreak(t, folder, "", append([]string{"demo"}, c.args...)...)
			if got.code != exitUsage || !strings.Contains(got.stderr, c.want) {
				t.Errorf("exit code %d, said %q; want %d and %q", got.code, got.stderr, exitUsage, c.want)
			}
		})
	}
}

func TestProgressIsOneLineOnATerminalAndOneEveryTenPercentElsewhere(t *testing.T) {
	t.Parallel()

	for redrawn, want := range map[bool]int{true: 1, false: 10} {
		var out bytes.Buffer
		bar := &progressBar{out: &out, redrawn: redrawn, total: 1000}
		for done := 10; done <= 1000; done += 10 {
			bar.show(done)
		}
		bar.end()
		if lines := strings.Count(out.String(), "\n"); lines != want || !strings.Contains(out.String(), "1000 of 1000") {
			t.Errorf("drawn over is %v: %d lines, want %d", redrawn, lines, want)
		}
	}
}
