package lead_test

import (
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/digest"
	"tiebreak/internal/lead"
)

func TestFormsDrawnAtOnceHaveStampsOfTheirOwn(t *testing.T) {
	t.Parallel()
	now, secret := time.Now(), []byte("secret")
	first, second := lead.NewStamp(secret, now), lead.NewStamp(secret, now)
	if first == second {
		t.Errorf("two forms have the stamp %s", first)
	}
	if s := (lead.Form{Stamp: first}).Signals(secret, now.Add(time.Minute)); s.StampForged || s.Age < time.Minute ||
		s.Age > time.Minute+time.Millisecond {
		t.Errorf("a stamp is read as %+v", s)
	}
	for _, forged := range []string{strings.ToUpper(first), "0" + first, strings.Replace(first, ".", "a.", 1)} {
		if s := (lead.Form{Stamp: forged}).Signals(secret, now); !s.StampForged {
			t.Errorf("%s passes for a stamp", forged)
		}
	}
}

func TestStampsFromBeforeTheyHadANonceAreRead(t *testing.T) {
	t.Parallel()
	now, secret := time.Now(), []byte("secret")
	at := strconv.FormatInt(now.UnixMilli(), 36)
	stamp := at + "." + hex.EncodeToString(digest.Keyed(secret, "stamp:"+at)[:16])
	if s := (lead.Form{Stamp: stamp}).Signals(secret, now.Add(time.Minute)); s.StampForged {
		t.Error("a stamp without a nonce passes for forged")
	}
}

func TestOnlyAConsentSentenceThatWeSealedIsOpened(t *testing.T) {
	t.Parallel()
	secret := []byte("a secret")
	for _, sentence := range []string{"I agree.", " ", "Ich stimme zu:\nja", "أوافق", "a  b "} {
		sealed := lead.SealConsent(secret, sentence)
		if got := lead.OpenConsent(secret, sealed); got != sentence {
			t.Errorf("%q is opened as %q", sealed, got)
		}
		for _, other := range []string{sealed + ".", sealed[1:], sentence, " " + sentence, "", "yes"} {
			if got := lead.OpenConsent(secret, other); got != "" {
				t.Errorf("%q is opened as %q", other, got)
			}
		}
		if got := lead.OpenConsent([]byte("another"), sealed); got != "" {
			t.Errorf("%q of another site is opened as %q", sealed, got)
		}
	}
}
