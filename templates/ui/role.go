package ui

import (
	"tiebreak/internal/staff"
)

// RoleWithArticle returns a role with its article.
func RoleWithArticle(r staff.Role) string {
	if r == staff.Reader {
		return "a reader"
	}
	return "an " + string(r)
}

// RoleMeaning tells a new member what the role lets them do.
func RoleMeaning(r staff.Role) string {
	return map[staff.Role]string{
		staff.Reader: "you can see leads, email, guides and insights",
		staff.Editor: "you can reply to leads, assign them, and edit templates, guides and facts",
		staff.Admin:  "you can do everything, including managing the team",
	}[r]
}
