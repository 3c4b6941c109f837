// Package passkeytest is a device that keeps passkeys, for tests: it answers what a page asks a browser with (WebAuthn Level 3).
package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// Device keeps one passkey, of a P-256 key.
type Device struct {
	Origin string // of the page that asks
	Locked bool   // its owner does not unlock it, and it answers all the same
	Count  uint32 // that it says; 0 from devices that do not count, and one that goes back tells of a copy

	t      testing.TB
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
}

// New is a device without a passkey, at a page of the origin.
func New(t testing.TB, origin string) *Device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Device{Origin: origin, t: t, key: key, id: []byte(rand.Text())}
}

// Flags of what the device says of itself (6.1).
const (
	present  = 1 << 0
	verified = 1 << 2
	attested = 1 << 6
)

// Create answers the options of navigator.credentials.create with a new passkey.
func (d *Device) Create(options string) string {
	d.t.Helper()
	var asked struct {
		Challenge string
		RP        struct{ ID string }
		User      struct{ ID string }
	}
	d.decode(options, &asked)
	d.handle = unbase(asked.User.ID)
	public, err := d.key.PublicKey.ECDH()
	if err != nil {
		d.t.Fatal(err)
	}
	point := public.Bytes() // 4, x, y
	data := d.data(asked.RP.ID, attested)
	data = append(data, make([]byte, 16)...) // no maker
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.id)))
	data = append(data, d.id...)
	data = append(data, d.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})...) // COSE: EC2, ES256, P-256
	return d.encode(map[string]any{
		"clientDataJSON":    base(d.client("webauthn.create", asked.Challenge)),
		"attestationObject": base(d.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})),
		"transports":        []string{"internal"},
	})
}

// Get answers the options of navigator.credentials.get with the passkey.
func (d *Device) Get(options string) string {
	d.t.Helper()
	var asked struct{ Challenge, RPID string }
	d.decode(options, &asked)
	data, client := d.data(asked.RPID, 0), d.client("webauthn.get", asked.Challenge)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, signed[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.encode(map[string]any{
		"clientDataJSON": base(client), "authenticatorData": base(data), "signature": base(signature),
		"userHandle": base(d.handle),
	})
}

// data is what the device vouches for: for whom, that its owner is there, and how many answers it gave.
func (d *Device) data(site string, flags byte) []byte {
	hash := sha256.Sum256([]byte(site))
	flags |= present
	if !d.Locked {
		flags |= verified
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.Count)
}

// client is what the browser vouches for: what was asked, and by which page.
func (d *Device) client(ceremony, challenge string) []byte {
	said, err := json.Marshal(map[string]any{"type": ceremony, "challenge": challenge, "origin": d.Origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return said
}

func (d *Device) encode(response map[string]any) string {
	answer, err := json.Marshal(map[string]any{
		"id": base(d.id), "rawId": base(d.id), "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{}, "response": response,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(answer)
}

func (d *Device) decode(options string, asked any) {
	d.t.Helper()
	if err := json.Unmarshal([]byte(options), asked); err != nil {
		d.t.Fatalf("the options are %q: %v", options, err)
	}
}

func (d *Device) cbor(value any) []byte {
	encoded, err := webauthncbor.Marshal(value)
	if err != nil {
		d.t.Fatal(err)
	}
	return encoded
}

func base(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

func unbase(text string) []byte {
	bytes, _ := base64.RawURLEncoding.DecodeString(text)
	return bytes
}
