package guide

// Bounds of what is kept of comparisons that visitors looked for and that no guide has: how many of one day, so that a program
// that makes names up cannot fill the database, and for how many days.
const (
	MaxMissing  = 200
	KeepMissing = 90
)

// MissingComparison is a comparison that visitors looked for and that no guide has.
type MissingComparison struct {
	Names string // in small letters: "fastapi vs litestar"
	Times int    // how many looked for it
	Last  Date   // the last day on which one did, in the site's zone
}
