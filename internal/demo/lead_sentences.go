package demo

var openings = []string{
	"This is a sample request.", "A sample request, typed by a program.", "Sample text from here to the end.",
	"Nobody has written this sample.",
}

// wishes are what people say of their project; $it is the name that they have given to it.
var wishes = []string{
	"We are building $case and would like help with $part.",
	"Inside the house it is called $it.",
	"$it has to be ready for its first $n users before anybody talks about $part.",
	"We lean towards $o, and one of us has used $r before.",
	"Today everything runs on $r, which nobody dares to touch.",
	"$Part was written $n years ago and has outlived everybody who knew it.",
	"Could you look at what we have, for $n hours or so, and tell us what you would throw away?",
	"$Team like ours do not want to own $part.",
	"What worries us most is $part.",
	"We have read your guide twice and still cannot tell whether $o is too much for $case.",
	"There are $n of us, and $it is the first thing that we build together.",
	"A consultant told us to take $r; we would like a second opinion.",
	"Our customers ask for $case, and they ask every week.",
	"The data is small: $n tables, and one of them is larger than all others.",
	"We can start as soon as somebody tells us where.",
	"Please be frank if $it is a bad idea.",
	"Downtime is no catastrophe for us, but lost records would be.",
	"An audit is due in $n weeks and will ask about $part.",
	"We tried $o for $n days and liked everything except $part.",
	"The contract says that we must be able to leave $r at any time.",
	"Most of the work is $case; the rest is $part.",
	"Nobody here has run $o in production.",
	"A workshop of a day would be enough, I think.",
	"The first version of $it was a spreadsheet with $n sheets.",
	"We would rather hear now than in a year that $o does not fit.",
	"Yes, there is a budget for it.",
	"If that is not what you do, whom would you ask about $it?",
	"Whoever answers: $part is the part to ask me about.",
}

// hebrew and arabic say that this is a sample, that it is an internal tool for a small team, and ask for help.
var (
	hebrew = []string{
		"זו בקשה לדוגמה.", "אנחנו בונים כלי פנימי לצוות קטן.", "נשמח לעזרה בבחירה בין $o לבין $r.",
		"כל מה שכתוב כאן הוא טקסט לדוגמה.", "לפרויקט קוראים $it.", "יש לנו $n אנשים.",
	}
	arabic = []string{
		"هذا طلب تجريبي.", "نبني أداة داخلية لفريق صغير.", "نرجو المساعدة في الاختيار بين $o و $r.",
		"كل ما هو مكتوب هنا نص تجريبي.", "اسم المشروع $it.", "نحن $n شخصا.",
	}
)

// offers are what a suspect advertises.
var offers = []string{
	"Sample offer: https://example.org/cheap https://example.org/cheaper https://example.org/cheapest",
	"<a href=\"https://example.org/\">Sample visitors for your site</a>, $1 a thousand!",
	"You have won a sample. Claim it at www.example.org within a day.",
	"Dear sample sir or madam, we rank your page first in every sample search.",
}

var timelines = []string{"", "", "As soon as you can", "Next month", "In spring", "In three months", "This year", "No hurry", "After the summer, sample weather permitting"}

var budgets = []string{"", "", "", "5,000 samples", "10,000 to 20,000 samples", "A day of your time", "Not known yet", "Enough", "50,000 samples at most"}

var firms = []string{"Works", "Studio", "Labs", "Clinic", "Library", "Transport", "Bakery", "University", "Insurance", "Radio", "Museum", "& Sons"}

var emoji = []string{"🦊", "🚀", "🌳", "👩‍💻", "🇳🇴", "☕", "✨", "🧪"}

var syllables = []string{
	"ba", "ben", "bo", "cha", "da", "del", "do", "fa", "fen", "ga", "gi", "hal", "ho", "ja", "ka", "kel", "ki", "la", "lem", "lo",
	"ma", "mer", "mi", "na", "nel", "no", "pa", "pel", "qui", "ra", "ren", "ro", "sa", "sel", "so", "ta", "tem", "to", "va", "vel", "xo", "za",
}
