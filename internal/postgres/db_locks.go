package postgres

// Numbers of the advisory locks. 74650001 is the lock on places, which the SQL function lock_places() takes; goose and River
// have numbers of their own.
const (
	lockAttempts = 74650003 // attempts under one key of a throttle
	lockResets   = 74650004 // requests of links to reset a password, for one address
	lockBackups  = 74650005 // the nightly backup
	lockRestores = 74650006 // a restore
	lockSchedule = 74650007 // the publication of what is due
	lockMailbox  = 74650008 // reading the mailbox
)
