package staff_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/passkeytest"
	"tiebreak/internal/staff"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func relyingParty(t *testing.T, address string) *staff.RelyingParty {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	party, err := staff.NewRelyingParty(base, []byte("a secret of at least thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	return party
}

func TestPasskeysAreOfferedWhereBrowsersHaveThem(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://localhost:8080": true, "http://guides.localhost": true, "https://guides.example.org": true,
		"https://guides.example.org:8443": true,
		"http://127.0.0.1:8080":           false, "https://192.0.2.1": false, "https://[2001:db8::1]": false,
		"http://guides.example.org": false,
	} {
		if got := relyingParty(t, address) != nil; got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestPasskeyAnswersInTimeForOnePurposeAndForItsSite has each answer be wrong in one way.
func TestPasskeyAnswersInTimeForOnePurposeAndForItsSite(t *testing.T) {
	t.Parallel()
	const site = "https://guides.example.org"
	party, device := relyingParty(t, "https://Guides.example.org:443"), passkeytest.New(t, site)
	holder := staff.PasskeyUser{
		Member: staff.Member{ID: 7, Email: "member@example.org", Name: "Sample Member"},
		Handle: [16]byte{1, 2, 3},
	}
	options, err := party.CreationOptions(holder, "Guides", noon)
	if err != nil {
		t.Fatal(err)
	}
	other := holder
	other.ID = 8
	if _, err := party.Created(other, device.Create(options), noon); err == nil {
		t.Error("somebody else's challenge made a passkey")
	}
	made, err := party.Created(holder, device.Create(options), noon)
	if err != nil {
		t.Fatal(err)
	}
	holder.Passkeys = []staff.Passkey{{ID: 1, Credential: made.Credential}}
	find := func([]byte) (staff.PasskeyUser, error) { return holder, nil }

	for what, c := range map[string]struct {
		purpose staff.Purpose
		after   time.Duration
		spoil   func(d *passkeytest.Device)
		find    func([]byte) (staff.PasskeyUser, error)
		good    bool
	}{
		"as asked":            {staff.PasskeySignIn, 59 * time.Minute, nil, find, true},
		"too late":            {staff.PasskeySignIn, 61 * time.Minute, nil, find, false},
		"for another purpose": {staff.PasskeyReauth(7), 0, nil, find, false},
		"at another site": {
			staff.PasskeySignIn, 0, func(d *passkeytest.Device) { d.Origin = "https://guides.example.com" },
			find, false,
		},
		"not unlocked":       {staff.PasskeySignIn, 0, func(d *passkeytest.Device) { d.Locked = true }, find, false},
		"of a copied device": {staff.PasskeySignIn, 0, func(d *passkeytest.Device) { d.Count = 3 }, find, false},
		"of nobody": {
			staff.PasskeySignIn, 0, nil,
			func([]byte) (staff.PasskeyUser, error) { return staff.PasskeyUser{}, fault.NotFound }, false,
		},
	} {
		holder.Passkeys[0].Credential.Authenticator.SignCount = 5
		d := *device
		d.Count = 6
		if c.spoil != nil {
			c.spoil(&d)
		}
		options, err := party.RequestOptions(staff.PasskeySignIn, noon)
		if err != nil {
			t.Fatal(err)
		}
		k, _, err := party.Used(c.purpose, d.Get(options), noon.Add(c.after), c.find)
		var invalid fault.Invalid
		if c.good && (err != nil || k.ID != 7) || !c.good && !errors.As(err, &invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, garbage := range []string{"", "{}", "null", `{"id":"AAAA"}`, "\x00"} {
		var invalid fault.Invalid
		if _, _, err := party.Used(staff.PasskeySignIn, garbage, noon, find); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", garbage, err)
		}
		if _, err := party.Created(holder, garbage, noon); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", garbage, err)
		}
	}
}
