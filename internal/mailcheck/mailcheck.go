// Package mailcheck holds what checks of the mail settings find. The pages and commands that show it need not know how email is
// sent and read.
package mailcheck

import "tiebreak/internal/lead"

// Email is how a test of the mail settings went.
type Email struct {
	To      string
	Folder  string       // where the email was written to as a file, because no mail server is set; "" with a server
	Lines   []SMTPLine   // the conversation with the server, without passwords
	Problem lead.Problem // what stopped the email; "" if the server took it
	Code    int          // the server's reply code (RFC 5321, 4.2) with the problem, 0 without one
	Mailbox Mailbox

	// The server accepts no other envelope sender than the sender, so bounces do not reach the address for answers.
	Unbounced bool

	Domain    string    // of the sender's address; "" if it is not a public one
	SPF       DNSRecord // of the domain of the envelope sender (RFC 7208)
	DMARC     DNSRecord // of the domain of the sender (RFC 7489)
	Unaligned bool      // those domains are of two organisations, so DMARC does not count SPF (RFC 7489, 3.1.2)
}

// Server is how a sign-in to the mail server went.
type Server struct {
	Server  string       // with its port
	Problem lead.Problem // "" if the server accepts us
	Code    int          // the server's reply code with the problem, 0 without one
}

// Mailbox is how a test of the mailbox that answers arrive in went. The zero value says that none is set.
type Mailbox struct {
	User, Server, Folder string // the server with its port
	Messages             int    // in the folder
	Tells                bool   // the server tells of new email at once (IDLE, RFC 2177)
	Problem              lead.MailboxProblem
}

// SMTPLine is a line of a conversation with a mail server.
type SMTPLine struct {
	Ours bool // we sent it
	Text string
}

// DNSRecord is what DNS says of how receivers check email from a domain.
type DNSRecord struct {
	Name   string // where it is or should be
	Text   string // the record; the first of several
	Count  int    // how many there are; exactly one counts
	Failed bool   // DNS did not answer
}
