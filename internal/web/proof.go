package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

// given is what somebody gives to show that it is them: one way, which is the form's field, with what was typed or answered.
type given struct{ way, words string }

// Ways to show that it is oneself.
const (
	byCode     = "code"
	byRecovery = "recovery"
	byPasskey  = "credential"
	byPassword = "password"
)

// readGiven reads the one way of those that are open. Two at once are none: each is judged by bounds of its own.
func readGiven(values url.Values, open ...string) (g given) {
	for _, way := range open {
		words := text(values, way)
		if way == byPassword {
			words = values.Get(way) // to the letter
		}
		switch {
		case words == "":
		case g.way != "":
			return given{}
		default:
			g = given{way, words}
		}
	}
	return g
}

// proofDoor is where the member tries the way, apart from all others, so that what fails at one shuts no other. A code is short,
// and counts from everywhere; nobody can guess the rest.
func (s *Server) proofDoor(r *http.Request, m staff.Member, way string) door {
	account, client := staff.AccountDigest(s.secret, way+":"+m.Email), lead.Digest(s.secret, way, string(s.caller(r)))
	switch way {
	case byCode:
		return door{account, client, staff.Attempts.TooManyCodes}
	case byPassword:
		return s.ownDoor(r)
	}
	return door{account, client, staff.Attempts.TooManyOfBoth}
}

// ownDoor is where a member who is in gives their password once more. It counts for the session, whatever its token is now:
// somebody may have found the browser open.
func (s *Server) ownDoor(r *http.Request) door {
	v := visitOf(r)
	return door{staff.AccountDigest(s.secret, v.Email), lead.Digest(s.secret, "session", strconv.FormatInt(v.Session, 10)), staff.Attempts.TooMany}
}

// proofOf is what was given, as the store takes it. A passkey's answer and a password are checked here, and a fault.Invalid
// says what is wrong with them.
func (s *Server) proofOf(r *http.Request, m staff.Member, g given) (p staff.Proof, err error) {
	switch g.way {
	case byCode:
		p.Code = g.words
	case byRecovery:
		p.RecoveryCode = g.words
	case byPasskey:
		var k staff.Keyholder
		var answer staff.Answer
		k, answer, err = s.passkeyAnswer(r.Context(), staff.PasskeyProof(m.ID), g.words)
		if err == nil && k.ID != m.ID {
			err = fault.Invalid{{Name: "proof", Message: "This passkey is somebody else’s. Use one of yours."}}
		}
		p.Passkey = &answer
	case byPassword:
		var match bool
		if p.PasswordHash, match, err = s.ownPassword(r, g.words); err == nil && !match {
			err = wrongProof(byPassword)
		}
	}
	return p, err
}

// ownPassword compares what a member who is in typed with their password, whose hash it returns.
func (s *Server) ownPassword(r *http.Request, typed string) (hash string, match bool, err error) {
	if hash, err = s.db.PasswordHash(r.Context(), memberOf(r).ID); err == nil {
		match, err = staff.PasswordMatches(r.Context(), typed, hash, true)
	}
	return hash, match, err
}

// proving is what the pages show that ask the member for a proof.
func (s *Server) proving(r *http.Request, purpose staff.Purpose, wrong fault.Invalid) (p auth.Proving, err error) {
	p.Wrong = wrong
	if p.Factors, err = s.db.Factors(r.Context(), memberOf(r).ID); err == nil && len(p.Factors.Passkeys) > 0 {
		p.Passkey, err = s.passkeyRequest(r.Context(), purpose)
	}
	return p, err
}

// wrongProof says what is wrong, beside the field of the way or, under the name "proof", above all.
func wrongProof(way string) fault.Invalid {
	switch way {
	case byCode:
		return fault.Invalid{{Name: byCode, Message: "This code is wrong or no longer good. Each works once: wait for the next one, and see that your device’s clock is right."}}
	case byRecovery:
		return fault.Invalid{{Name: byRecovery, Message: "This is none of the recovery codes that you have left. Each works once."}}
	case byPassword:
		return fault.Invalid{{Name: byPassword, Message: "This is not your password."}}
	case byPasskey:
		return fault.Invalid{{Name: "proof", Message: "This passkey was not taken. Try once more."}}
	}
	return fault.Invalid{{Name: "proof", Message: "Use one of these ways."}}
}

// tooManyProofs says that it was not even looked at.
func tooManyProofs(w http.ResponseWriter, way string) fault.Invalid {
	tooManyHeader(w)
	wrong := wrongProof(way)
	wrong[0].Message = "Too many attempts have failed. Try again in a quarter of an hour."
	if way != byPassword {
		wrong[0].Message += " Other ways stay open."
	}
	return wrong
}

// refusal is what the member is told of a passkey that did not do; the cause goes into the log. It is nil where the error is
// of another kind.
func (s *Server) refusal(r *http.Request, member int64, err error) (wrong fault.Invalid) {
	switch {
	case errors.As(err, &wrong):
	case errors.Is(err, fault.Conflict): // its challenge was answered before
		wrong = wrongProof(byPasskey)
	default:
		return nil
	}
	s.log.Warn("not taken as a proof", "id", requestID(r), "member", member, "cause", err)
	return wrong
}

// warnOfGuesses has the member told by mail where their codes are guessed: whoever does so has their password, or their session.
func (s *Server) warnOfGuesses(r *http.Request, m staff.Member, way string) error {
	if way != byCode {
		return nil
	}
	return s.db.WarnOfGuesses(r.Context(), m.ID, s.proofDoor(r, m, way).account, staff.Browser(r.UserAgent()))
}
