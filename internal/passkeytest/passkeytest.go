// Package passkeytest provides a device that keeps a passkey, for tests: it answers what a page asks a browser for (WebAuthn).
package passkeytest

import (
	"testing"

	"github.com/descope/virtualwebauthn"
)

// Device keeps one passkey, of a P-256 key.
type Device struct {
	Origin string // of the page that asks
	Locked bool   // its owner does not unlock it, and it answers all the same
	Count  uint32 // that it says; 0 from devices that do not count, and a count that goes back reveals a copy

	t       testing.TB
	handle  []byte
	passkey virtualwebauthn.Credential
}

// New returns a device without a passkey, at a page of the origin.
func New(t testing.TB, origin string) *Device {
	return &Device{Origin: origin, t: t, passkey: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
}

// Create answers the options of navigator.credentials.create with a new passkey.
func (d *Device) Create(options string) string {
	d.t.Helper()
	asked, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		d.t.Fatalf("the options are %q: %v", options, err)
	}
	d.handle = []byte(asked.UserID)
	return virtualwebauthn.CreateAttestationResponse(d.party(asked.RelyingPartyID), d.authenticator(), d.passkey, *asked)
}

// Get answers the options of navigator.credentials.get with the passkey.
func (d *Device) Get(options string) string {
	d.t.Helper()
	asked, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		d.t.Fatalf("the options are %q: %v", options, err)
	}
	passkey := d.passkey
	passkey.Counter = d.Count
	return virtualwebauthn.CreateAssertionResponse(d.party(asked.RelyingPartyID), d.authenticator(), passkey, *asked)
}

func (d *Device) party(id string) virtualwebauthn.RelyingParty {
	return virtualwebauthn.RelyingParty{ID: id, Origin: d.Origin}
}

func (d *Device) authenticator() virtualwebauthn.Authenticator {
	return virtualwebauthn.Authenticator{
		Options: virtualwebauthn.AuthenticatorOptions{UserHandle: d.handle, UserNotVerified: d.Locked},
	}
}
