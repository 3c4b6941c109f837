package lead

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tiebreak/internal/text"
)

// listNames are the names that the query of the list's address may hold: what ReadFilter reads, and what only the page needs.
var listNames = []string{
	"tab", "from", "status", "guide", "option", "assignee", "month", "overdue", "q", "sort",
	"after", "before", "batch", "left", "done",
}

// ReadListAddress returns the filter of a list's address, which may be the whole address or only what stands behind its "?".
// It means the same as on the web, but a name that the list does not know is refused: ignoring it would give more leads
// than were asked for.
func ReadListAddress(address string) (Filter, error) {
	address, _, _ = strings.Cut(strings.TrimSpace(address), "#")
	if at := strings.IndexAny(address, "?="); at >= 0 && address[at] == '?' {
		address = address[at+1:]
	}
	query, err := url.ParseQuery(address)
	if err != nil {
		return Filter{}, fmt.Errorf("the list's address cannot be read: %w", err)
	}
	for name := range query {
		if !slices.Contains(listNames, name) {
			return Filter{}, fmt.Errorf("%q is not part of a list's link: copy the part after the ?, such as "+
				"tab=closed&month=2026-11", name)
		}
	}
	f, err := ReadFilter(query, 0)
	if err != nil || f.Tab == Mine {
		return Filter{}, fmt.Errorf("%q names no list: copy what stands behind the ? in the list's address; %q is of the "+
			"member who looks", address, Mine)
	}
	return f, nil
}

var referenceForm = regexp.MustCompile(`^TB[\s-]*0*([1-9][0-9]{0,17})$`)

// ReadReference returns the reference that was typed, such as TB-0001 for "tb 1", and whether it is one.
func ReadReference(typed string) (string, bool) {
	match := referenceForm.FindStringSubmatch(strings.ToUpper(text.Numeric(typed)))
	if match == nil {
		return "", false
	}
	number, err := strconv.ParseInt(match[1], 10, 64)
	return fmt.Sprintf("TB-%04d", number), err == nil
}
