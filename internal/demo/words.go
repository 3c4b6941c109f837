package demo

// shelf is a field of sample guides.
type shelf struct{ name, kind string }

var shelves = [...]shelf{
	{"Sample databases", "Sample database"},
	{"Sample web frameworks", "Sample web framework"},
	{"Sample message queues", "Sample message queue"},
	{"Sample search engines", "Sample search engine"},
	{"Sample caches", "Sample cache"},
	{"Sample build tools", "Sample build tool"},
	{"Sample identity providers", "Sample identity provider"},
	{"Sample content systems", "Sample content system"},
	{"Sample dashboards", "Sample dashboard"},
	{"Sample test runners", "Sample test runner"},
}

// heading is a thing to write about: its key, what a page calls it, and how a sentence speaks of it.
type heading struct{ key, label, words string }

// subject is a heading with the values that a fact or a judgement can have, the best first.
type subject struct {
	heading
	values []string
}

// subjects are the facts that every option has.
var subjects = []subject{
	{heading{"licence", "Licence", "the licence"}, []string{"Sample licence, permissive", "Sample licence, with notice", "Sample licence, source available", "Commercial"}},
	{heading{"support", "Support window", "the support window"}, []string{"Five years, in writing", "Three years, in writing", "Eighteen months", "The latest release only"}},
	{heading{"release-pace", "Release pace", "the pace of releases"}, []string{"Twice a year, on fixed dates", "Every three months", "About once a year", "When it is ready"}},
	{heading{"governance", "Governance", "the governance"}, []string{"A foundation with elected members", "Several companies", "One company", "One person"}},
	{heading{"data-formats", "Data formats", "the data format"}, []string{"Open and documented", "Open, documented in part", "Its own, with an export", "Its own"}},
	{heading{"backups", "Backups", "the backup"}, []string{"Built in, to any point in time", "Built in, once a day", "With an add-on", "By copying files"}},
	{heading{"scaling", "Scaling out", "scaling"}, []string{"Automatic, without downtime", "One command a machine", "By hand, with a restart", "One machine only"}},
	{heading{"access", "Access control", "access control"}, []string{"Roles and groups, with a log", "Roles", "One administrator and readers", "One shared password"}},
	{heading{"monitoring", "Monitoring", "monitoring"}, []string{"Metrics, traces and alerts", "Metrics and traces", "Metrics", "Log lines"}},
	{heading{"documentation", "Documentation", "the documentation"}, []string{"Guides, reference and examples", "Reference and examples", "A reference", "A single page"}},
	{heading{"set-up", "First set-up", "the first set-up"}, []string{"Ten minutes, one command", "An hour, with a guide", "A day", "A week, with help"}},
	{heading{"clients", "Client libraries", "the client libraries"}, []string{"Twelve languages, one maker", "Six languages", "Two languages, others from volunteers", "From volunteers"}},
}

// judgements are rows of a guide's own.
var judgements = []subject{
	{heading{"learning", "Learning curve", "learning"}, []string{"Gentle, then steady", "Steep at first, then easy", "Long"}},
	{heading{"daily-work", "Daily work", "daily work"}, []string{"Little to decide", "Some choices each day", "Many choices, well explained"}},
	{heading{"fit", "Fit for small teams", "the fit"}, []string{"Made for them", "Possible with some care", "Better from ten people up"}},
	{heading{"leaving", "Ease of leaving", "leaving"}, []string{"An export and an afternoon", "A project of some weeks", "Hard to say before trying"}},
}

// topics are the sections of the detailed comparison.
var topics = []heading{
	{"purpose", "Purpose and shape", "the core"},
	{"data", "Data and storage", "the data layer"},
	{"running", "Running it", "the daily operation"},
	{"growth", "Growing with the load", "the way it grows"},
	{"security", "Security and access", "access control"},
	{"team", "Learning and daily work", "the daily work"},
	{"cost", "What it costs", "the bill"},
	{"ecosystem", "Packages around it", "the set of packages"},
	{"moving", "Moving in and out", "the move"},
	{"future", "Maturity and outlook", "the plan for the next years"},
}

// asked are the frequently asked questions.
var asked = []heading{
	{"ready", "Is $o ready for production?", "production"},
	{"cheaper", "Which is cheaper to run?", "the bill"},
	{"switch", "Can I switch from $r to $o later?", "the switch"},
	{"both", "Should I use both $o and $r?", "the pair"},
	{"small", "Is $o too much for a small project?", "a small project"},
	{"speed", "Is $o faster than $r?", "speed"},
	{"hosting", "Where can I host $o?", "hosting"},
	{"beginner", "Which is easier for a beginner?", "the first week"},
	{"upgrade", "How hard are upgrades of $o?", "an upgrade"},
	{"backup", "How do I back up $o?", "the backup"},
	{"people", "Will I find people who know $r?", "hiring"},
	{"soon", "What will change soon?", "the next release"},
}

var teams = []string{"teams of three", "small teams", "teams without an operator", "part-time developers", "people new to the subject", "large teams"}

var parts = []string{
	"the nightly backup", "the staff screens", "the import of old records", "the sign-in", "the audit log", "the search index",
	"the job worker", "the second data centre", "the staging copy", "the monthly report", "the schema", "the message format",
}

var cases = []string{
	"an internal tool", "a public catalogue", "a booking service", "a mobile back end", "a stream of sensor readings",
	"a magazine with an archive", "a shop with some thousand articles", "a prototype", "a regulated product", "a data pipeline",
}

var trees = [...]string{
	"Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ironwood", "Juniper", "Katsura", "Larch", "Maple",
	"Nutmeg", "Oak", "Pine", "Quince", "Rowan", "Spruce", "Tamarack", "Umbrella", "Viburnum", "Willow", "Yew", "Zelkova",
	"Acacia", "Beech", "Chestnut", "Damson", "Ebony", "Fig", "Gum", "Hemlock", "Holly", "Jacaranda", "Kapok", "Laurel", "Linden",
	"Mulberry", "Olive", "Poplar", "Redwood", "Sycamore", "Teak", "Walnut", "Whitebeam", "Cypress", "Hawthorn", "Hornbeam", "Magnolia",
}

var colours = [...]string{
	"Amber", "Ash", "Azure", "Black", "Blue", "Bronze", "Brown", "Buff", "Coral", "Copper", "Cream", "Crimson", "Cyan", "Ebon",
	"Emerald", "Fawn", "Gold", "Green", "Grey", "Indigo", "Ivory", "Jade", "Khaki", "Lilac", "Lime", "Mauve", "Navy", "Ochre",
	"Orange", "Pearl", "Pink", "Plum", "Purple", "Red", "Rose", "Ruby", "Russet", "Saffron", "Silver", "Slate", "Tan", "Teal",
	"Umber", "Violet", "White", "Yellow",
}
