package staff

import "time"

// NoticeKind is what a member is told by mail about their own account. Changes of their second factors are told by the word of
// their ActKind.
type NoticeKind string

const (
	DeviceNotice   NoticeKind = "new-device"       // signed in with a browser that is new to them
	PasswordNotice NoticeKind = "password-changed" // by whichever way
	GuessNotice    NoticeKind = "codes-guessed"    // by somebody who has the password
	ResetNotice    NoticeKind = "reset-link"       // asked for: it brings the link
	AdminNotice    NoticeKind = "another-admin"    // to the admins there were before
)

// NoticeLimit is how long a notice is tried to be brought out.
const NoticeLimit = 24 * time.Hour

// Notice is one mail to a member.
type Notice struct {
	ID      int64
	Kind    NoticeKind
	Email   string // the member's, as it is now
	Browser string // a plain word for where it was done; "" is the command line
	MadeAt  time.Time
	EndsAt  time.Time // nobody needs it after that; the link of ResetNotice, if it is sent now, works until then
	Salt    []byte    // of ResetNotice
	Problem string    // of the last attempt to send it, "" for none
}
