package demo

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"tiebreak/internal/guide"
)

// fill puts words into a sentence: $o is the option it is about, $r its rival, $it the subject; the rest is chance.
// $Team and $Part begin a sentence.
func fill(r *rand.Rand, sentence, option, rival, subject string) string {
	return os.Expand(sentence, func(name string) string {
		switch name {
		case "o":
			return option
		case "r":
			return rival
		case "it":
			return subject
		case "n":
			return strconv.Itoa(between(r, 2, 40))
		case "case":
			return one(r, cases)
		case "team":
			return one(r, teams)
		case "Team":
			return capital(one(r, teams))
		case "part":
			return one(r, parts)
		case "Part":
			return capital(one(r, parts))
		}
		panic("no words for $" + name)
	})
}

func capital(words string) string { return strings.ToUpper(words[:1]) + words[1:] }

// say is one sentence of the list about the option.
func (a *author) say(list []string, o guide.Option, subject string) string {
	return fill(a.Rand, one(a.Rand, list), o.Name, a.rival(o).Name, subject)
}

// paragraph is about option i and cites source i after its first sentence; the last may be marked for what it is.
func (a *author) paragraph(i int, subject string) string {
	o, text := a.options[i], ""
	for n, s := range some(a.Rand, statements, a.long+a.IntN(4)) {
		if n > 0 {
			text += " "
		}
		text += fill(a.Rand, s, o.Name, a.rival(o).Name, subject)
		if n == 0 {
			text += fmt.Sprintf("[^%d]", i+1)
		}
	}
	return text + one(a.Rand, []string{"", "", " [our judgement]", " [estimated]"})
}

// details stand below a fact's value.
var details = []string{
	"Since sample version $n.", "As the sample documentation of $o has it.", "$Part is left out of this.",
	"Enough for $case; $part is a matter of its own.", "The same in every edition of $o, free or paid.",
	"Looked at with $case in mind, and with $n machines.", "Changed $n months ago; older releases are told apart in the notes.",
}

var statements = []string{
	"$o treats $it as a part of its own and ships a default for it.",
	"With $o, $it is set up once, in one file, and then seldom touched again.",
	"The sample documentation of $o gives $it a chapter of $n pages, with examples that can be run as they stand.",
	"Where $r asks for a decision on the first day, $o lets $team put it off until the first release.",
	"In a sample run with $n machines, $part took most of the time, and $it hardly showed.",
	"$o keeps $part and $it apart, so that one can change without the other.",
	"Nothing here is hard, but there are $n settings, and $team will want to know about half of them.",
	"The defaults are meant for $case; for anything larger they have to be looked at.",
	"An upgrade has touched $it in $n of the sample releases, each time with a note on what to do.",
	"$o comes with $part, which $r leaves to packages of others.",
	"For $case that is enough.",
	"For $case it is more than is needed, and it costs little to leave it off.",
	"Most questions about $it come down to $part: who owns it, and who is called when it stops.",
	"$Team can learn this in a week or so, and most of that week goes into $part.",
	"The other way round, $r is stronger where $case is the whole of the work.",
	"It has been so since sample version $n, and nothing is announced that would change it.",
	"A known gap is $part, for which the sample forum names three ways out and recommends none of them.",
	"What reads like a limit at first is a choice: $o would rather refuse than guess.",
	"Errors in $it are said in plain words, with the place and mostly with the remedy.",
	"$Team that come from $r miss little, apart from $part.",
	"One command shows the state of $it; a second one puts it right.",
	"The price is paid later, when $part has grown for some years and nobody remembers why.",
	"In return $it can be tested without a network, which keeps the tests of $team below a minute.",
	"Beside $case we found $n other sample uses, none of them large.",
	"$o has one way to do this, $r has several, and each suits somebody.",
	"Some of it is still marked as a preview.",
}

var meanings = []string{
	"If $team will own $it, begin with $o and look again after $n weeks.",
	"For $case the difference hardly matters; take whichever $team know.",
	"Count $part before you count features, since that is where the hours go.",
	"$o saves time at the start, $r saves it later.",
	"Plan $n days for $it, whichever you choose.",
	"Write down who looks after $part; without a name, $it is the first thing to be forgotten.",
	"Try both with $case of your own before you believe this paragraph.",
}

var subtitles = []string{
	"One $it against another, side by side, with made-up facts.",
	"A $it for $team against one for $case.",
	"Which $it to begin with, and when to change your mind.",
	"Much for little against little for much: a $it of each kind, in sample text.",
}

var answers = []string{
	"for $case, when $team want $part from the first day.",
	"for $it of $team, and wherever $part should look after itself.",
	"when $case has to work this month and $part can wait.",
	"for $case with $n people or fewer.",
}

var levels = []string{
	"With nothing else to go by, $part costs less to have than to add.",
	"It is the easier one to leave again: $part can be taken along.",
	"It is ahead in more rows, and none of the others was marked as a must.",
}

var headlines = []string{
	"$o for most; $r where $case is the whole of the work.",
	"Both do the work. $Part decides.",
	"$o, unless $team know $r already.",
}

var calls = []string{
	"Say what you are building, which way you lean and what still holds you back. This is a sample page, but the form is real.",
	"Tell us about $case and $part. This is a sample page, but the form is real.",
}

var edges = []string{
	"$it, as far as the sample facts go.", "it counts from the first day on.", "a small lead, and it grows with $case.",
	"less to look after for $team.", "the others can follow with packages, which then have to be kept.",
	"$part comes with it.", "discount this row if $part is somebody else’s.",
}

var evens = []string{
	"both do what $case needs.", "no difference that $team would notice.", "they differ, but not in what matters.",
	"there is too little to compare.", "either takes $part on top.",
}

// gaps are said of a row that has an unknown value.
var gaps = []string{
	"one side could not be found, so there is nothing to compare.", "ask the maker if $it matters to you.",
	"the row stays open until somebody finds the missing value.",
}

var needs = []string{
	"You need $part on the first day", "$Team will run it, and nobody else", "The work is mostly $case",
	"You have $n machines or more", "Somebody has to answer for $part in writing", "$Team know it already",
	"You would rather have one way to do things than several", "An outage of $n minutes is no catastrophe",
	"$Part is kept elsewhere, and stays there", "You expect to leave $r within $n months",
	"The budget has room for $part", "It has to run without a network", "You replace something that is $n years old",
	"New people join often and should be useful within a week", "Audit asks who changed $part, and when",
	"You build for $case now, and for $n times as many people later",
}
