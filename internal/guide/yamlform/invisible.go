package yamlform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// invisible matches a character that looks like a space, or like nothing, where YAML needs a space: before a name or behind
// its colon.
var invisible = regexp.MustCompile(`^ *(?:- +)*(?:[\w-]+:)?([\x{a0}\x{2000}-\x{200b}\x{202f}\x{205f}\x{3000}\x{feff}])`)

// invisibleIn returns the characters that look like a space to people but not to YAML. Inside a text they are fine, so they
// explain a mistake but are not one by themselves.
func invisibleIn(t Text) []Finding {
	var findings []Finding
	for i, line := range strings.Split(strings.TrimPrefix(string(t.Content), "\ufeff"), "\n") {
		if at := invisible.FindStringSubmatchIndex(line); at != nil {
			r, _ := utf8.DecodeRuneInString(line[at[2]:])
			findings = append(findings, Finding{
				File: t.Name, Line: i + 1, Column: utf8.RuneCountInString(line[:at[2]]) + 1,
				Message: fmt.Sprintf("%s is not a space to YAML: write a plain space", invisibleName(r)),
			})
		}
	}
	return findings
}

func invisibleName(r rune) string {
	switch r {
	case 0xa0, 0x202f:
		return fmt.Sprintf("the no-break space %U", r)
	case 0x3000:
		return fmt.Sprintf("the wide space %U", r)
	}
	return fmt.Sprintf("the invisible character %U", r)
}

// becauseInvisible returns the findings with the mistakes of a line replaced by the invisible character that caused them.
func becauseInvisible(findings, invisible []Finding) []Finding {
	for _, cause := range invisible {
		caused := func(f Finding) bool { return f.Line == cause.Line && !f.Warning }
		if slices.ContainsFunc(findings, caused) {
			findings = append(slices.DeleteFunc(findings, caused), cause)
		}
	}
	return findings
}
