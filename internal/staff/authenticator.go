package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp/totp"

	"tiebreak/internal/text"
)

// seedLength is that of HMAC-SHA-1's output, as RFC 4226 recommends, in bytes.
const seedLength = 20

// step is for how long an authenticator shows one code (RFC 6238, 4.1).
const step = 30 * time.Second

// NewSeed returns what an authenticator makes its codes from: 160 random bits.
func NewSeed() []byte {
	seed := make([]byte, seedLength)
	_, _ = rand.Read(seed) // never fails
	return seed
}

// SeedText returns the seed as it is typed into an app that cannot read the picture.
func SeedText(seed []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed)
}

// MatchCode returns the time step of the code, or 0 if the seed does not give it around now: the step before and the one after
// count too, for clocks that differ (RFC 6238, 5.2). Steps up to the last one that was taken do not.
func MatchCode(seed []byte, code string, now time.Time, last int64) (int64, error) {
	code = strings.Join(strings.Fields(text.Numeric(code)), "")
	for shift := range 3 {
		at := now.Add(time.Duration(shift-1) * step)
		counter := at.Unix() / int64(step.Seconds())
		want, err := totp.GenerateCode(SeedText(seed), at)
		if err != nil {
			return 0, fmt.Errorf("one-time code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && counter > last {
			return counter, nil
		}
	}
	return 0, nil
}

// Setup is what an authenticator needs to be set up.
type Setup struct {
	Address string // otpauth://
	Text    string // the seed, in groups of four
	Picture QR     // of the address; the zero if that is too long
}

// QR is a square picture of dark and light modules.
type QR struct {
	Size int
	Path string // an SVG path that draws the dark modules, a unit each
}

// NewSetup describes the seed of a member's authenticator; the issuer is the site's name, which apps show with the address.
func NewSetup(seed []byte, issuer, email string) (Setup, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: strings.ReplaceAll(issuer, ":", " "), AccountName: email, Secret: seed})
	if err != nil {
		return Setup{}, fmt.Errorf("authenticator: %w", err)
	}
	setup := Setup{Address: key.URL(), Text: inFours(SeedText(seed), " ")}
	code, err := qr.Encode(setup.Address, qr.M, qr.Auto)
	if err != nil { // which says the address, and so the seed
		return setup, nil
	}
	var path strings.Builder
	setup.Picture.Size = code.Bounds().Dx()
	for y := range setup.Picture.Size {
		for x := range setup.Picture.Size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	setup.Picture.Path = path.String()
	return setup, nil
}
