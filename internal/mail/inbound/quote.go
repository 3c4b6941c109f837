package inbound

import "strings"

// fold divides a text into what its sender wrote and what they quoted: below an "On … wrote:", behind ">", or below the header
// that Outlook writes. Between the answers of a person who answers line by line the quotes stay. With forwarded, the header of
// an email does not begin a quote: what it introduces is what the sender wants to be read.
func fold(text string, forwarded bool) (own, quoted string) {
	lines := strings.Split(text, "\n")
	blocks := quotes(lines, forwarded)
	if len(blocks) > 1 {
		last := blocks[len(blocks)-1]
		if !blank(lines[last.end:]) {
			return text, "" // answered line by line
		}
		blocks = blocks[len(blocks)-1:]
	}
	if len(blocks) == 0 {
		return text, ""
	}
	b := blocks[0]
	own = join(lines[:b.start], lines[b.end:])
	if strings.TrimSpace(own) == "" {
		return text, ""
	}
	for b.end > b.start && strings.Trim(clean(lines[b.end-1]), "> ") == "" {
		b.end--
	}
	return own, strings.Join(lines[b.start:b.end], "\n")
}

// block is the lines from start up to end that quote.
type block struct{ start, end int }

// quotes finds the blocks that quote, with the lines that introduce them.
func quotes(lines []string, forwarded bool) (blocks []block) {
	for i := 0; i < len(lines); {
		introduction, toTheEnd := introductionAt(lines[i:], forwarded)
		if introduction == 0 && !marked(lines[i]) {
			i++
			continue
		}
		b := block{i, i + introduction}
		for b.end < len(lines) && (marked(lines[b.end]) || clean(lines[b.end]) == "") {
			b.end++
		}
		if toTheEnd && !hasMark(lines[i+introduction:b.end]) {
			b.end = len(lines)
		}
		blocks, i = append(blocks, b), max(b.end, i+1)
	}
	return blocks
}

// introductionAt returns how many lines introduce a quote at the first of the lines; 0 for none. toTheEnd says that the quote
// may go on to the end without marks.
func introductionAt(lines []string, forwarded bool) (n int, toTheEnd bool) {
	first := clean(lines[0])
	switch {
	case first == "":
		return 0, false
	case !forwarded && rule.MatchString(first):
		for i := 1; i < min(len(lines), 4); i++ {
			if mailHeader(lines[i:]) {
				return i, true
			}
		}
	case !forwarded && (original.MatchString(first) || mailHeader(lines)):
		return 1, true
	}
	joined := ""
	for i := range min(len(lines), 4) {
		l := clean(lines[i])
		if l == "" || marked(lines[i]) {
			break
		}
		joined = strings.TrimSpace(joined + " " + l)
		if i == 1 && !startsAttribution.MatchString(first) {
			break
		}
		if attribution(joined, lines[i+1:]) {
			return i + 1, true
		}
	}
	return 0, false
}

// attribution reports whether the text, which stands before the lines, says who wrote what follows and when.
func attribution(text string, following []string) bool {
	if len(text) > 500 || !ending.MatchString(text) || !digit.MatchString(text) {
		return false
	}
	precise := timeOfDay.MatchString(text) || strings.Contains(text, "@")
	before := quoteFollows(following)
	if wrote.MatchString(text) {
		return precise || before
	}
	return year.MatchString(text) && strings.Contains(text, "@") && (before || timeOfDay.MatchString(text))
}

// quoteFollows reports whether the next line that is not empty is a quote.
func quoteFollows(lines []string) bool {
	for _, l := range lines {
		if clean(l) != "" {
			return marked(l)
		}
	}
	return false
}

// mailHeader reports whether the lines begin with the header of an email, as Outlook and others write it above what they quote.
func mailHeader(lines []string) bool {
	from, others := 0, 0
	for _, l := range lines[:min(len(lines), 8)] {
		switch l = clean(l); {
		case fromLabel.MatchString(l):
			from++
		case otherLabel.MatchString(l):
			others++
		case from+others == 0, l == "":
			return from == 1 && others >= 2
		}
	}
	return from == 1 && others >= 2
}

// forwards reports whether the subject says that an email is forwarded.
func forwards(subject string) bool { return forwardPrefix.MatchString(subject) }

func marked(l string) bool { return strings.HasPrefix(strings.TrimLeft(l, " \t\u00a0"), ">") }

func hasMark(lines []string) bool {
	for _, l := range lines {
		if marked(l) {
			return true
		}
	}
	return false
}

func blank(lines []string) bool { return strings.TrimSpace(strings.Join(lines, "")) == "" }

// join returns the lines before and after a quote with one empty line between.
func join(before, after []string) string {
	a, b := strings.Trim(strings.Join(before, "\n"), "\n"), strings.Trim(strings.Join(after, "\n"), "\n")
	return strings.Trim(a+"\n\n"+b, "\n")
}

// clean returns the line without spaces of every kind around it, invisible characters and the stars of bold text.
func clean(l string) string {
	l = strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u202f', '\u2009', '\t':
			return ' '
		case '*', '\u200b', '\u200e', '\u200f', '\u202a', '\u202c', '\ufeff':
			return -1
		}
		return r
	}, l)
	return strings.TrimSpace(l)
}
