package digest_test

import (
	"encoding/hex"
	"testing"

	"tiebreak/internal/digest"
)

// TestDigestsAreStandard compares with the example of FIPS 180-2 and case 2 of RFC 4231: digests that are stored must not
// change.
func TestDigestsAreStandard(t *testing.T) {
	t.Parallel()
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	for name, c := range map[string]struct{ got, want string }{
		"whole":         {hex.EncodeToString(digest.Of("abc")), abc},
		"hex":           {digest.Hex("abc", 32), abc},
		"hex of bytes":  {digest.Hex([]byte("abc"), 32), abc},
		"first 8 bytes": {digest.Hex("abc", 8), abc[:16]},
		"with a secret": {
			hex.EncodeToString(digest.Keyed([]byte("Jefe"), "what do ya want for nothing?")),
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s", name, c.got)
		}
	}
}
