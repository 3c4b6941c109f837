package ui

import (
	"fmt"
	"slices"
	"strings"

	"tiebreak/internal/staff"
)

// area is a part of the desk: a link of the staff's bar, and the pages below it.
type area struct {
	words string
	pages []staffPage // the first is where the link leads
}

type staffPage struct {
	path, words string
	role        staff.Role // the lowest that may see it
}

var areas = []area{
	{"Leads", []staffPage{
		{"/staff/leads", "Leads", staff.Reader},
		{inbox, "Inbox", staff.Reader},
		{"/staff/templates", "Templates", staff.Reader},
		{"/staff/deliveries", "Outgoing email", staff.Reader},
	}},
	{"Guides", []staffPage{
		{"/staff/guides", "Guides", staff.Reader},
		{"/staff/options", "Options", staff.Reader},
		{"/staff/facts", "Facts to check", staff.Reader},
		{"/staff/import", "Import files", staff.Editor},
	}},
	{"Insights", []staffPage{{"/staff/insights", "Insights", staff.Reader}}},
	{"Settings", []staffPage{
		{"/staff/account", "Account", staff.Reader},
		{"/staff/site", "Site", staff.Reader},
		{"/staff/promise", "Promise", staff.Admin},
		{"/staff/closures", "Closed days", staff.Admin},
		{"/staff/team", "Team", staff.Admin},
		{"/staff/audit", "Audit", staff.Admin},
		{doctor, "Health check", staff.Admin},
	}},
}

// wordsOn returns the words of the link on the page: the inbox says how many emails are in it.
func (s staffPage) wordsOn(p Page) string {
	if s.path == inbox && p.Queue != nil && p.Queue.Inbox > 0 {
		return fmt.Sprintf("%s (%d)", s.words, p.Queue.Inbox)
	}
	return s.words
}

// doctor is the page of what the checks of the site found.
const doctor = "/staff/doctor"

// inbox is the page of emails that no lead claims.
const inbox = "/staff/inbox"

// pagesFor returns the pages of an area that the member may see.
func (a area) pagesFor(role staff.Role) []staffPage {
	return slices.DeleteFunc(slices.Clone(a.pages), func(p staffPage) bool { return !role.AtLeast(p.role) })
}

// current returns the value of aria-current for a link to the page: "page" on itself, "true" on what is below it, else "".
func (s staffPage) current(path string) string {
	switch {
	case path == s.path:
		return "page"
	case strings.HasPrefix(path, s.path+"/"):
		return "true"
	}
	return ""
}

// currentIn returns the same for the link to an area.
func (a area) currentIn(path string) string {
	for i, s := range a.pages {
		if now := s.current(path); now != "" {
			if i == 0 {
				return now
			}
			return "true"
		}
	}
	return ""
}
