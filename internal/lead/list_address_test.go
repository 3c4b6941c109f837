package lead_test

import (
	"testing"

	"tiebreak/internal/lead"
)

func TestListAddressIsReadHoweverItWasCopied(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]lead.Filter{
		"tab=lost-and-found":      {},
		"tab=closed":              {Tab: lead.ClosedTab, Sort: lead.Newest},
		"?tab=closed":             {Tab: lead.ClosedTab, Sort: lead.Newest},
		"/staff/leads?tab=closed": {Tab: lead.ClosedTab, Sort: lead.Newest},
		" https://a.example/staff/leads?tab=closed#list\n": {Tab: lead.ClosedTab, Sort: lead.Newest},
		"from=waitlist&status=&q=":                         {Tab: lead.WaitlistTab, Sort: lead.Oldest},
		"from=waitlist&q=why?":                             {Tab: lead.All, Words: "why?", Sort: lead.Newest},
		"month=2026-11":                                    {Tab: lead.NeedsAnswer, Month: "2026-11", Sort: lead.Deadline},
		"?":                                                {Tab: lead.NeedsAnswer, Sort: lead.Deadline},
		"tab=all&after=TB-0100&done=erased":                {Tab: lead.All, Sort: lead.Newest},
		"tab=mine":                                         {},
		"tabs=closed":                                      {},
		"https://a.example/staff/leads":                    {},
		"tab=all&amp;month=2026-11":                        {},
		"tab=all;month=2026-11":                            {},
		"closed":                                           {},
		"tab=all&month=November":                           {},
	} {
		got, err := lead.ReadListAddress(address)
		if want == (lead.Filter{}) {
			if err == nil {
				t.Errorf("%q is taken as %+v", address, got)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q is %+v (%v), want %+v", address, got, err, want)
		}
	}
}
