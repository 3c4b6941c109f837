package lead_test

import (
	"testing"

	"tiebreak/internal/lead"
)

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
