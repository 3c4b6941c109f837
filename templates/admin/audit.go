package admin

import (
	"fmt"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// AuditPage lists what members did, newest first.
type AuditPage struct {
	ui.Page
	Filter    staff.AuditFilter
	From, To  string // as typed
	Wrong     fault.Invalid
	Narrowed  bool // the filter leaves something out
	Members   []staff.Member
	Entries   []staff.Entry
	Failed    int    // sign-ins that failed in the last 24 hours
	Throttled int    // networks that are refused for now because too many failed
	Before    string // addresses of the pages before and after, "" for none
	After     string
	Export    string // address of the same list as a table
}

var actWords = map[staff.ActKind]string{
	staff.SignedIn: "Signed in", staff.SignInBegun: "Entered the password but not yet the second step",
	staff.SignInFailed: "Failed to sign in", staff.SignedOut: "Signed out",
	staff.LeadsListed: "Viewed the list of leads", staff.LeadViewed: "Viewed the lead", staff.LeadEntered: "Entered the lead",
	staff.LeadMoved:    "Moved the lead",
	staff.LeadReplied:  "Replied",
	staff.LeadAssigned: "Assigned the lead", staff.LeadNoted: "Added a team note",
	staff.LeadCalled: "Wrote down a call or a meeting", staff.LeadNeedsNoAnswer: "Said that no answer is needed",
	staff.LeadMailRecognised: "Said that the prospect wrote an email",
	staff.LeadSuspected:      "Marked the lead as spam",
	staff.LeadCleared:        "Marked the lead as not spam", staff.LeadUndone: "Undid a change to the lead",
	staff.LeadErased:     "Erased the lead",
	staff.EmailCorrected: "Corrected the prospect’s email address",
	staff.FollowUpSet:    "Planned a follow-up", staff.FollowUpRemoved: "Removed the follow-up",
	staff.LeadsChanged: "Changed several leads at once", staff.LeadsPutBack: "Undid a change to several leads",
	staff.InboxListed: "Viewed the inbox", staff.EmailViewed: "Read an email in the inbox",
	staff.EmailAttached: "Added an email to a lead",
	staff.EmailDetached: "Moved an email to the inbox", staff.EmailDismissed: "Dismissed an email in the inbox",
	staff.EmailOfErased: "Kept an email to an erased lead in the inbox",
	staff.LeadsExported: "Exported leads", staff.DeliveryTried: "Retried an email",
	staff.DeliveryAcknowledged: "Dismissed a failed email",
	staff.DeliveryReleased:     "Sent an email that was on hold", staff.DeliveryCancelled: "Cancelled an email that was on hold",
	staff.TemplateSaved: "Saved a reply template",
	staff.GuideStarted:  "Started a guide", staff.GuideEdited: "Changed the draft of a guide",
	staff.GuidePublished: "Published a guide", staff.GuideDiscarded: "Discarded the draft of a guide",
	staff.GuideScheduled:         "Scheduled the publication of a guide",
	staff.GuideScheduleCancelled: "Cancelled the scheduled publication of a guide",
	staff.GuideRestored:          "Restored an earlier version as the draft of a guide",
	staff.GuideUnpublished:       "Unpublished a guide", staff.GuideMoved: "Changed the address of a guide",
	staff.GuideDeleted:    "Deleted a guide that was never published",
	staff.TemplateDeleted: "Deleted a reply template", staff.PromiseChanged: "Changed the promise",
	staff.ClosuresChanged:  "Changed the closed days",
	staff.SiteChanged:      "Changed the site’s details or words",
	staff.SignatureChanged: "Changed their signature", staff.AuditExported: "Exported the audit",
	staff.PasswordChanged: "Changed their password", staff.PasswordReset: "Reset their password by email",
	staff.SessionsEnded:   "Signed out other browsers",
	staff.Reauthenticated: "Confirmed their identity", staff.ReauthFailed: "Failed to confirm their identity",
	staff.AuthenticatorAdded: "Set up an authenticator app", staff.AuthenticatorRemoved: "Removed their authenticator app",
	staff.PasskeyAdded: "Added a passkey", staff.PasskeyRemoved: "Removed a passkey",
	staff.RecoveryUsed: "Used a recovery code", staff.RecoveryRenewed: "Got new recovery codes",
	staff.FactorRequired: "Made two-step sign-in required", staff.FactorOptional: "Made two-step sign-in optional",
	staff.InvitationSent: "Invited someone", staff.InvitationWithdrawn: "Withdrew an invitation",
	staff.MemberJoined: "Joined the team", staff.MadeReader: "Made a reader of", staff.MadeEditor: "Made an editor of",
	staff.MadeAdmin:      "Made an admin of",
	staff.RoleChanged:    "Changed the role (new role not recorded) of",
	staff.MemberDisabled: "Disabled", staff.MemberEnabled: "Enabled",
	staff.FactorsReset: "Reset the two-step sign-in of", staff.MemberReset: "Reset the password and two-step sign-in of",
	staff.SiteRestored: "Restored the site from a backup",
	staff.OptionAdded:  "Added the option", staff.OptionChanged: "Changed the name, kind or homepage of",
	staff.OptionRetired: "Retired the option", staff.OptionUnretired: "Brought back the option",
	staff.FactSaved: "Saved a fact of", staff.FactChecked: "Checked a fact of, and found it still true",
	staff.FactRestored:   "Restored an earlier version of a fact of",
	staff.GuideConfirmed: "Confirmed the guide after facts changed",
	staff.GuideImported:  "Imported a file of the guide", staff.OptionImported: "Imported a file of the option",
	staff.SiteImported: "Imported site.yaml",
}

// actor returns who did it.
func actor(e staff.Entry) string {
	switch {
	case e.Kind.BeforeSignIn():
		return "Someone"
	case e.Kind == staff.EmailOfErased:
		return "Tiebreak"
	case e.MemberID == 0:
		return "The command line"
	}
	return e.Member
}

// thing returns what it was done to, unless that is a lead.
func thing(e staff.Entry) string {
	switch {
	case e.ObjectID == 0:
		return ""
	case e.Kind.BeforeSignIn():
		return "as " + e.Subject
	case e.Subject != "":
		return e.Subject
	}
	return fmt.Sprintf("%s %d", e.Object, e.ObjectID)
}
