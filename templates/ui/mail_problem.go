package ui

import (
	"fmt"

	"tiebreak/internal/lead"
)

// MailProblem says what stopped an attempt, with the server's code if it gave one.
func MailProblem(p lead.Problem, code int) string {
	if code == 0 {
		return mailProblems[p]
	}
	return fmt.Sprintf("%s (code %d)", mailProblems[p], code)
}

// mailProblems say what stopped an attempt.
var mailProblems = map[lead.Problem]string{
	lead.UnknownServer:     "the mail server’s name is not found in DNS",
	lead.ClosedPort:        "nothing listens at the mail server’s port (connection refused)",
	lead.Unreachable:       "the mail server cannot be reached",
	lead.Silent:            "the mail server did not answer in time",
	lead.Unconfirmed:       "the mail server did not confirm it, so it may have arrived",
	lead.RefusedConnection: "the mail server refuses our connection or sign-in",
	lead.SendingLimit:      "we have reached our mail server’s sending limit",
	lead.FullMailbox:       "the mailbox is full",
	lead.BrokenOff:         "the connection was interrupted", lead.Refused: "the mail server refused it for now",
	lead.Insecure:    "the mail server offers no secure encryption",
	lead.NoSignIn:    "the mail server offers no way to sign in that Tiebreak knows",
	lead.WrongSignIn: "the mail server does not accept the user or the password",
	lead.NoAddress: "nobody gets email about leads: invite an editor or admin on the Team page, " +
		"or set TIEBREAK_STAFF_MAIL and restart Tiebreak",
	lead.Unwritable:     "the folder for mail cannot be written to",
	lead.Unprepared:     "we could not create the email; the log says why",
	lead.UnknownAddress: "the mail server says that this address does not exist",
	lead.RefusedAddress: "the mail server does not deliver to this address",
	lead.BadAddress:     "this is not an address that email can be sent to",
	lead.RefusedMail:    "the mail server refused the message",
	lead.RefusedSender:  "the mail server does not accept mail from us",
	lead.Returned:       "a mail server sent it back",
}
