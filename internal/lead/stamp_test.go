package lead_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
)

func TestFormsDrawnAtOnceHaveStampsOfTheirOwn(t *testing.T) {
	t.Parallel()
	now, secret := time.Now(), []byte("secret")
	first, second := lead.NewStamp(secret, now), lead.NewStamp(secret, now)
	if first == second {
		t.Errorf("two forms have the stamp %s", first)
	}
	if s := (lead.Form{Stamp: first}).Signs(secret, now.Add(time.Minute)); s.StampForged || s.Age < time.Minute ||
		s.Age > time.Minute+time.Millisecond {
		t.Errorf("a stamp is read as %+v", s)
	}
	for _, forged := range []string{strings.ToUpper(first), "0" + first, strings.Replace(first, ".", "a.", 1)} {
		if s := (lead.Form{Stamp: forged}).Signs(secret, now); !s.StampForged {
			t.Errorf("%s passes for a stamp", forged)
		}
	}
}

func TestStampsFromBeforeTheyHadANonceAreRead(t *testing.T) {
	t.Parallel()
	now, secret := time.Now(), []byte("secret")
	at := strconv.FormatInt(now.UnixMilli(), 36)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("stamp:" + at))
	if s := (lead.Form{Stamp: at + "." + hex.EncodeToString(mac.Sum(nil)[:16])}).Signs(secret,
		now.Add(time.Minute)); s.StampForged {
		t.Error("a stamp without a nonce passes for forged")
	}
}
