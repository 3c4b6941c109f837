package lead

// TestEmail is how a test of the mail settings went.
type TestEmail struct {
	To      string
	Folder  string     // where the email was written to as a file, because no mail server is set; "" with a server
	Lines   []SMTPLine // the conversation with the server, without passwords
	Problem Problem    // what stopped the email; "" if the server took it
	Code    int        // the server's reply code (RFC 5321, 4.2) with the problem, 0 without one
	Domain  string     // of the sender's address; "" if it is not a public one
	SPF     DNSRecord  // RFC 7208
	DMARC   DNSRecord  // RFC 7489
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
