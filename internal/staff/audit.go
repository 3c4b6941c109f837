package staff

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// ActKind says what a member did.
type ActKind string

const (
	SignedIn             ActKind = "sign-in"
	SignInBegun          ActKind = "sign-in-begun" // by the right password: a second factor is owed
	SignInFailed         ActKind = "sign-in-failed"
	SignedOut            ActKind = "sign-out"
	LeadsListed          ActKind = "leads-listed" // names and addresses were seen
	LeadViewed           ActKind = "lead-viewed"
	LeadEntered          ActKind = "lead-received" // by hand
	LeadMoved            ActKind = "lead-moved"
	LeadReplied          ActKind = "lead-replied"
	LeadAssigned         ActKind = "lead-assigned"
	LeadNoted            ActKind = "lead-team-note"
	LeadCalled           ActKind = "lead-call"
	LeadMailRecognised   ActKind = "lead-prospect-mail" // an email of a member as the prospect's
	LeadNeedsNoAnswer    ActKind = "lead-no-answer"
	LeadSuspected        ActKind = "lead-suspected"
	LeadCleared          ActKind = "lead-cleared"
	LeadUndone           ActKind = "lead-undone"
	LeadErased           ActKind = "lead-erased"
	EmailCorrected       ActKind = "lead-email-corrected"
	FollowUpSet          ActKind = "lead-follow-up"
	FollowUpRemoved      ActKind = "lead-follow-up-removed"
	LeadsChanged         ActKind = "leads-changed" // several at once; each of them has its own entry too
	LeadsPutBack         ActKind = "leads-put-back"
	LeadsExported        ActKind = "leads-exported"
	InboxListed          ActKind = "inbox-listed"   // senders and first words of emails that no lead claims were seen
	EmailViewed          ActKind = "email-viewed"   // one of them, as the next two
	EmailAttached        ActKind = "email-attached" // to a lead
	EmailDetached        ActKind = "email-detached" // from its lead, back to the inbox
	EmailDismissed       ActKind = "email-dismissed"
	EmailOfErased        ActKind = "email-of-erased-lead" // it arrived; no member did that
	DeliveryTried        ActKind = "delivery-tried"
	DeliveryAcknowledged ActKind = "delivery-acknowledged" // that it failed
	DeliveryReleased     ActKind = "delivery-released"     // it was on hold since a restore
	DeliveryCancelled    ActKind = "delivery-cancelled"    // likewise
	TemplateSaved        ActKind = "template-saved"
	TemplateDeleted      ActKind = "template-deleted"
	GuideStarted         ActKind = "guide-started"
	GuideEdited          ActKind = "guide-edited" // a section of its draft
	GuidePublished       ActKind = "guide-published"
	GuideDiscarded       ActKind = "guide-draft-discarded"
	GuideScheduled       ActKind = "guide-scheduled"
	GuideRestored        ActKind = "guide-restored" // an earlier version, as a draft
	GuideUnpublished     ActKind = "guide-unpublished"
	GuideMoved           ActKind = "guide-address-changed"
	GuideDeleted         ActKind = "guide-deleted"

	GuideScheduleCancelled ActKind = "guide-schedule-cancelled"

	PromiseChanged   ActKind = "promise-changed"
	ClosuresChanged  ActKind = "closed-days-changed"
	SignatureChanged ActKind = "signature-changed"
	AuditExported    ActKind = "audit-exported"
	PasswordChanged  ActKind = "password-changed" // their own
	PasswordReset    ActKind = "password-reset"   // their own, by a link from a mail
	SessionsEnded    ActKind = "sessions-ended"   // their own

	Reauthenticated      ActKind = "proof" // before they change what follows
	ReauthFailed         ActKind = "proof-failed"
	AuthenticatorAdded   ActKind = "authenticator-added" // their own, as the next five
	AuthenticatorRemoved ActKind = "authenticator-removed"
	PasskeyAdded         ActKind = "passkey-added"
	PasskeyRemoved       ActKind = "passkey-removed"
	RecoveryUsed         ActKind = "recovery-code-used"
	RecoveryRenewed      ActKind = "recovery-codes-renewed"
	FactorRequired       ActKind = "second-factor-required" // of all members
	FactorOptional       ActKind = "second-factor-optional"

	InvitationSent      ActKind = "invitation-sent"
	InvitationWithdrawn ActKind = "invitation-withdrawn"
	MemberJoined        ActKind = "member-joined" // by a link, or from the command line
	MadeReader          ActKind = "member-made-reader"
	MadeEditor          ActKind = "member-made-editor"
	MadeAdmin           ActKind = "member-made-admin"
	RoleChanged         ActKind = "member-role-changed" // older entries, which do not say the new role
	MemberDisabled      ActKind = "member-disabled"
	MemberEnabled       ActKind = "member-enabled"
	FactorsReset        ActKind = "member-factors-taken" // all of a member who lost their device
	MemberReset         ActKind = "member-reset"         // another password, from the command line
	SiteRestored        ActKind = "site-restored"        // from a backup, from the command line
	SiteChanged         ActKind = "site-changed"         // its identity or the words of its form

	OptionAdded     ActKind = "option-added"
	OptionChanged   ActKind = "option-changed" // its name, kind or homepage
	OptionRetired   ActKind = "option-retired"
	OptionUnretired ActKind = "option-brought-back"
	FactSaved       ActKind = "option-fact-saved" // of the option, as the next two
	FactChecked     ActKind = "option-fact-checked"
	FactRestored    ActKind = "option-fact-restored"
	GuideConfirmed  ActKind = "guide-confirmed" // read again after facts changed
	GuideImported   ActKind = "guide-imported"  // from a file, on the site, as the next two
	OptionImported  ActKind = "option-imported"
	SiteImported    ActKind = "site-imported"
)

// ActKinds are all kinds, in the order of the page's filter.
var ActKinds = []ActKind{
	SignedIn, SignInBegun, SignInFailed, SignedOut, LeadsListed, LeadViewed, LeadEntered, LeadMoved, LeadReplied, LeadAssigned,
	LeadNoted, LeadCalled, LeadMailRecognised, LeadNeedsNoAnswer,
	LeadSuspected, LeadCleared, LeadUndone, LeadErased, EmailCorrected, FollowUpSet,
	FollowUpRemoved, LeadsChanged, LeadsPutBack, LeadsExported, InboxListed, EmailViewed,
	EmailAttached, EmailDetached, EmailDismissed, EmailOfErased,
	DeliveryTried, DeliveryAcknowledged, DeliveryReleased, DeliveryCancelled, TemplateSaved, TemplateDeleted,
	GuideStarted, GuideEdited, GuidePublished, GuideDiscarded, GuideScheduled, GuideScheduleCancelled, GuideRestored,
	GuideUnpublished, GuideMoved, GuideDeleted,
	PromiseChanged, ClosuresChanged, SignatureChanged, AuditExported, PasswordChanged, PasswordReset, SessionsEnded,
	Reauthenticated, ReauthFailed,
	AuthenticatorAdded, AuthenticatorRemoved, PasskeyAdded, PasskeyRemoved, RecoveryUsed, RecoveryRenewed, FactorRequired,
	FactorOptional, InvitationSent, InvitationWithdrawn, MemberJoined, MadeReader, MadeEditor, MadeAdmin, RoleChanged,
	MemberDisabled, MemberEnabled, FactorsReset, MemberReset, SiteChanged,
	SiteRestored, OptionAdded, OptionChanged, OptionRetired, OptionUnretired, FactSaved, FactChecked, FactRestored,
	GuideConfirmed, GuideImported, OptionImported, SiteImported,
}

// Made returns the act of giving a member the role.
func Made(role Role) ActKind { return ActKind("member-made-" + role) }

// BeforeSignIn reports whether it was done by someone who claims to be the member that is the object, before they proved it.
func (k ActKind) BeforeSignIn() bool { return k == SignInBegun || k == SignInFailed }

// Object returns the kind of thing that an act was done to, or "" where the act says it all.
func (k ActKind) Object() string {
	switch {
	case k == LeadsChanged || k == LeadsPutBack:
		return "batch"
	case k.BeforeSignIn():
		return "member"
	}
	switch first, _, _ := strings.Cut(string(k), "-"); first {
	case "lead", "delivery", "template", "member", "invitation", "option", "guide", "email":
		return first
	}
	return ""
}

// Entry is a line of the audit. Nothing in it was typed.
type Entry struct {
	ID        int64
	At        time.Time
	MemberID  int64  // the member who did it; 0 before sign-in, for the command line and for what nobody did
	Member    string // their name
	Kind      ActKind
	Object    string // the kind of what it was done to
	ObjectID  int64  // 0 for none
	Reference string // of a lead
	Subject   string // the name of the member, the option or the guide it was done to
}

// AuditFilter says which entries are meant. The zero of each field leaves nothing out.
type AuditFilter struct {
	Member      int64 // who did it or had it done to them
	Kind        ActKind
	Reference   string     // of a lead
	From, Until *time.Time // the first moment that is meant, and the first one after it
}

// ReadAuditFilter reads the filter from the page's address, its days in the site's zone. A day that cannot be read is said;
// what nobody can have chosen is fault.NotFound.
func ReadAuditFilter(v url.Values, zone *time.Location) (f AuditFilter, wrong fault.Invalid, err error) {
	f.Kind, f.Reference = ActKind(v.Get("kind")), strings.ToUpper(text.Numeric(v.Get("reference")))
	if f.Kind != "" && !slices.Contains(ActKinds, f.Kind) {
		return f, nil, fault.NotFound
	}
	if who := v.Get("member"); who != "" {
		if f.Member, err = strconv.ParseInt(who, 10, 64); err != nil {
			return f, nil, fault.NotFound
		}
	}
	read := func(name string, after int) *time.Time {
		typed := text.Numeric(v.Get(name))
		day, err := time.ParseInLocation(time.DateOnly, typed, zone)
		if typed == "" {
			return nil
		}
		if err != nil {
			wrong.Add(name, "Enter a date with year, month and day, such as 2026-11-25.")
		}
		day = day.AddDate(0, 0, after)
		return &day
	}
	f.From, f.Until = read("from", 0), read("to", 1)
	return f, wrong, nil
}
