package main

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
)

func TestDemoFillsARunningSiteOnceAndShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	site := serveOn(t, folder)

	demo := []string{"demo", "--guides", "30", "--options", "10", "--leads", "60"}

	first := tiebreak(t, folder, "", demo...)
	wantDone(t, first, "30 sample guides")
	if !strings.Contains(first.stderr, "100%  100 of 100") || strings.Contains(first.stderr, "\r") {
		t.Errorf("no progress, or a line is drawn over where that cannot be: %q", first.stderr)
	}
	if page := read(t, site.base+"/compare/sample-1-vs-sample-2"); !strings.Contains(page, "This guide is sample text") {
		t.Error("the page does not say that it is a sample")
	}
	listed := mustRun(t, folder, "", "lead", "list")
	if lines := strings.Count(listed, "\n"); lines != 61 || !strings.Contains(listed, "Sample Person 0000") {
		t.Errorf("%d lines list the leads: %s", lines, listed)
	}
	wantOneLine(t, tiebreak(t, folder, "", demo...), "sample leads already")

	post(t, site.base, url.Values{"key": {"one"}})
	wantOneLine(t, tiebreak(t, folder, "", "demo"), "real leads")
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
