package staff

import "time"

// NoticeKind is what a member is told by mail about their own account.
type NoticeKind string

const (
	DeviceNotice   NoticeKind = "new-device"       // signed in with a browser that was not known
	PasswordNotice NoticeKind = "password-changed" // by whichever way
)

// NoticeLimit is how long a notice is tried to be brought out. The database's clock decides.
const NoticeLimit = 24 * time.Hour

// Notice is one mail to a member.
type Notice struct {
	ID      int64
	Kind    NoticeKind
	Email   string // the member's, as it is now
	Browser string // a plain word for where it was done; "" is the command line
	MadeAt  time.Time
}
