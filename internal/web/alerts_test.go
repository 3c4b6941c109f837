package web_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// alert is a rule for Prometheus.
type alert struct {
	Alert, Expr         string
	Labels, Annotations map[string]string
}

func alerts(t *testing.T) []alert {
	t.Helper()
	text, err := os.ReadFile("../../cmd/tiebreak/packaging/alerts.yaml")
	noError(t, err)
	var file struct {
		Groups []struct{ Rules []alert }
	}
	noError(t, yaml.Unmarshal(text, &file))
	if len(file.Groups) != 1 || len(file.Groups[0].Rules) < 10 {
		t.Fatalf("the rules are %+v", file)
	}
	return file.Groups[0].Rules
}

func TestAlertsNameOnlyMetricsThatASiteHas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ask("A sample project")
	counts := s.counts()
	tests, err := os.ReadFile("../../cmd/tiebreak/testdata/alerts_test.yaml") // see "make alerts"
	noError(t, err)
	for _, a := range alerts(t) {
		names := regexp.MustCompile(`\b(?:tiebreak|process|go)_[a-z_]+`).FindAllString(a.Expr, -1)
		if len(names) == 0 && a.Alert != "TiebreakDown" { // Prometheus makes its metric by itself
			t.Errorf("%s names no metric: %s", a.Alert, a.Expr)
		}
		for _, name := range names {
			if !regexp.MustCompile(`(?m)^` + name + `[ {]`).MatchString(counts) {
				t.Errorf("%s: the site has no metric %s", a.Alert, name)
			}
		}
		if strings.Count(string(tests), `"`+a.Alert+`"`) != 2 {
			t.Errorf("%s has no test that it fires, and one that it does not", a.Alert)
		}
		if severity := a.Labels["severity"]; severity != "critical" && severity != "warning" {
			t.Errorf("%s has the severity %q", a.Alert, severity)
		}
		if a.Annotations["summary"] == "" ||
			a.Annotations["runbook_url"] != "cmd/tiebreak/help/monitor.md#"+strings.ToLower(a.Alert) {
			t.Errorf("%s has the annotations %v", a.Alert, a.Annotations)
		}
	}
	for _, outcome := range []string{"not stored", "internal error"} {
		s.wantCounted(`tiebreak_leads_total{outcome="` + outcome + `"} 0`)
	}
}

func TestManualHasAnEntryForEachAlertAndForNoOther(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../cmd/tiebreak/help/monitor.md")
	noError(t, err)
	var described []string
	for _, m := range regexp.MustCompile(`(?m)^### (\w+)\n\n- Visitors: (?s:.+?)\n- Look at: (?s:.+?)\n- Do: (?s:.+?)\n- Urgent: `).
		FindAllSubmatch(manual, -1) {
		described = append(described, string(m[1]))
	}
	rules := alerts(t)
	if len(described) != len(rules) || strings.Count(string(manual), "\n### ") != len(rules) {
		t.Fatalf("%d alerts, %d entries: %v", len(rules), len(described), described)
	}
	for i, a := range rules {
		if described[i] != a.Alert {
			t.Errorf("entry %d is about %s, want %s", i+1, described[i], a.Alert)
		}
	}
}
