package staff

import "time"

// NoticeKind says what an email about an account is for. Changes of second factors are told by the word of their ActKind.
type NoticeKind string

const (
	DeviceNotice   NoticeKind = "new-device"       // signed in with a browser that is new to them
	PasswordNotice NoticeKind = "password-changed" // by whichever way
	GuessNotice    NoticeKind = "codes-guessed"    // by somebody who has the password
	ResetNotice    NoticeKind = "reset-link"       // asked for: it brings the link
	AdminNotice    NoticeKind = "another-admin"    // to the admins there were before
	InboxNotice    NoticeKind = "inbox"            // to everyone who answers leads: an email waits that no lead claims
	InvitationMail NoticeKind = "invitation"       // to someone who has no account yet
)

// NoticeLimit is the time within which a notice must go out.
const NoticeLimit = 24 * time.Hour

// Notice is one email to a member about their account.
type Notice struct {
	Kind    NoticeKind
	Email   string // the member's, as it is now
	Browser string // a plain word for where it was done; "" is the command line
	MadeAt  time.Time
	EndsAt  time.Time // until when the link of ResetNotice works if it is sent now
	Salt    []byte    // of the link of ResetNotice
	Sender  string    // of InboxNotice: who wrote the email that waits longest, as they say; "" if they do not
	Subject string    // its subject
}
