package staff

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"tiebreak/internal/fault"
)

// PasskeyUser is a member as their passkeys know them.
type PasskeyUser struct {
	Member
	Handle   [16]byte // random: all that an authenticator stores about the member
	Passkeys []Passkey
}

// WebAuthnID implements webauthn.User, as the other three do.
func (k PasskeyUser) WebAuthnID() []byte { return k.Handle[:] }

// WebAuthnName returns what the browser shows when it asks which passkey to use.
func (k PasskeyUser) WebAuthnName() string { return k.Email }

// WebAuthnDisplayName returns what the browser shows with the name.
func (k PasskeyUser) WebAuthnDisplayName() string { return k.Name }

// WebAuthnCredentials returns their public keys.
func (k PasskeyUser) WebAuthnCredentials() []webauthn.Credential {
	keys := make([]webauthn.Credential, len(k.Passkeys))
	for i, p := range k.Passkeys {
		keys[i] = p.Credential
	}
	return keys
}

// RelyingParty is the site as passkeys know it: they are made for its name and open nothing else (WebAuthn Level 3, 5.1).
type RelyingParty struct {
	web    *webauthn.WebAuthn
	secret []byte
}

var usualPorts = map[string]string{"http": "80", "https": "443"}

// NewRelyingParty returns the relying party for the site at the address, or nil where browsers have no passkeys: on an IP
// address, and without https anywhere but at localhost.
func NewRelyingParty(base *url.URL, secret []byte) (*RelyingParty, error) {
	host := strings.ToLower(base.Hostname())
	origin := base.Scheme + "://" + host // as browsers say it: without the port that is usual (RFC 6454, 6.2)
	if port := base.Port(); port != "" && port != usualPorts[base.Scheme] {
		origin += ":" + port
	}
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if _, err := netip.ParseAddr(host); err == nil || base.Scheme != "https" && !local {
		return nil, nil
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: host, RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			// so that a passkey alone is two factors: the device, and its PIN or finger
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys at %s: %w", base, err)
	}
	return &RelyingParty{web, secret}, nil
}

// CreationOptions returns the options of navigator.credentials.create, as JSON; issuer is the site's name.
func (p *RelyingParty) CreationOptions(k PasskeyUser, issuer string, now time.Time) (string, error) {
	var known []protocol.CredentialDescriptor
	for _, credential := range k.WebAuthnCredentials() {
		known = append(known, credential.Descriptor())
	}
	options, _, err := p.web.BeginRegistration(k, webauthn.WithExclusions(known),
		webauthn.WithRegistrationRelyingPartyName(issuer),
		func(o *protocol.PublicKeyCredentialCreationOptions) error {
			o.Challenge = p.challenge(PasskeyCreation(k.ID), now)
			return nil
		})
	if err != nil {
		return "", fmt.Errorf("passkey: %w", err)
	}
	return asJSON(options.Response)
}

// RequestOptions returns the options of navigator.credentials.get, as JSON. The browser offers the passkeys that it has for the
// site.
func (p *RelyingParty) RequestOptions(purpose Purpose, now time.Time) (string, error) {
	options, _, err := p.web.BeginDiscoverableLogin(webauthn.WithChallenge(p.challenge(purpose, now)))
	if err != nil {
		return "", fmt.Errorf("passkey: %w", err)
	}
	return asJSON(options.Response)
}

func asJSON(options any) (string, error) {
	encoded, err := json.Marshal(options)
	return string(encoded), err
}

// PasskeyAnswer is what came back for a challenge.
type PasskeyAnswer struct {
	Credential webauthn.Credential
	Challenge  []byte // to be spent
}

// Created checks the answer to CreationOptions and returns the new credential, or a fault.Invalid.
func (p *RelyingParty) Created(k PasskeyUser, answer string, now time.Time) (PasskeyAnswer, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return PasskeyAnswer{}, refused(err)
	}
	challenge, err := p.check(parsed.Response.CollectedClientData.Challenge, PasskeyCreation(k.ID), now)
	if err != nil {
		return PasskeyAnswer{}, err
	}
	credential, err := p.web.CreateCredential(k, webauthn.SessionData{
		Challenge: parsed.Response.CollectedClientData.Challenge, UserID: k.WebAuthnID(),
		UserVerification: protocol.VerificationRequired,
		CredParams:       webauthn.CredentialParametersDefault(),
	}, parsed)
	if err != nil {
		return PasskeyAnswer{}, refused(err)
	}
	credential.Attestation = webauthn.CredentialAttestation{} // which was not asked for
	return PasskeyAnswer{*credential, challenge}, nil
}

// Used checks the answer to RequestOptions and returns whose passkey it was and its credential as it is now, or a fault.Invalid;
// find returns the member with the handle.
func (p *RelyingParty) Used(purpose Purpose, answer string, now time.Time,
	find func(handle []byte) (PasskeyUser, error),
) (PasskeyUser, PasskeyAnswer, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return PasskeyUser{}, PasskeyAnswer{}, refused(err)
	}
	challenge, err := p.check(parsed.Response.CollectedClientData.Challenge, purpose, now)
	if err != nil {
		return PasskeyUser{}, PasskeyAnswer{}, err
	}
	var k PasskeyUser
	var missing error
	_, credential, err := p.web.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		k, missing = find(handle)
		return k, missing
	}, webauthn.SessionData{
		Challenge: parsed.Response.CollectedClientData.Challenge, UserVerification: protocol.VerificationRequired,
	}, parsed)
	switch {
	case missing != nil && !errors.Is(missing, fault.NotFound):
		return k, PasskeyAnswer{}, missing
	case err != nil:
		return k, PasskeyAnswer{}, refused(err)
	case credential.Authenticator.CloneWarning: // its counter went back: there are two of them
		return k, PasskeyAnswer{}, refused(errors.New("a cloned authenticator"))
	}
	return k, PasskeyAnswer{*credential, challenge}, nil
}

// refused tells the reader no more than that it did not work; the cause is for the log.
func refused(cause error) error {
	return fmt.Errorf("%w: %w", fault.Invalid{{
		Name:    "credential",
		Message: "This passkey does not open this site. Use another one, or another way.",
	}}, cause)
}
