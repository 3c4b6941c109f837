package staff_test

import (
	"net/url"
	"testing"
	"time"

	"tiebreak/internal/staff"
)

func TestDaysOfTheAuditAreReadInAllDigits(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"2026-11-25", "２０２６－１１－２５", "٢٠٢٦-١١-٢٥", "2026‑11‑25 "} {
		f, wrong, err := staff.ReadAuditFilter(url.Values{"from": {typed}}, time.UTC)
		if err != nil || wrong != nil || f.From == nil || f.From.Format(time.DateOnly) != "2026-11-25" {
			t.Errorf("%q is read as %v (%v, %v)", typed, f.From, wrong, err)
		}
	}
}
