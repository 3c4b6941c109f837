package staff_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tiebreak/internal/staff"
)

func TestOneTimeCodesAreThoseOfRFC6238(t *testing.T) {
	t.Parallel()
	seed := []byte("12345678901234567890") // appendix B, of whose eight digits apps show the last six
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		now := time.Unix(at, 0)
		for shift, taken := range map[time.Duration]bool{
			0: true, 30 * time.Second: true, -30 * time.Second: true,
			time.Minute: false, -time.Minute: false,
		} {
			step, err := staff.MatchCode(seed, code, now.Add(shift), 0)
			if err != nil || (step != 0) != taken {
				t.Errorf("%s at %d and %v: step %d (%v)", code, at, shift, step, err)
			}
		}
		if step, err := staff.MatchCode(seed, code, now, at/30); step != 0 || err != nil {
			t.Errorf("%s was taken twice (%v)", code, err)
		}
	}
}

func TestCodesAreReadInAllDigits(t *testing.T) {
	t.Parallel()
	seed, now := staff.NewSeed(), time.Now()
	code, err := totp.GenerateCode(staff.SeedText(seed), now)
	if err != nil {
		t.Fatal(err)
	}
	shifted := func(zero rune) string {
		return strings.Map(func(r rune) rune { return r - '0' + zero }, code)
	}
	for _, typed := range []string{
		code, code[:3] + " " + code[3:], code[:3] + "\u00a0" + code[3:] + "\u200b", shifted('０'),
		shifted('٠'), shifted('०'),
	} {
		if step, err := staff.MatchCode(seed, typed, now, 0); step == 0 || err != nil {
			t.Errorf("%q is refused (%v)", typed, err)
		}
	}
	for _, typed := range []string{"ABCD-EFGH-2345", " abcd efgh 2345", "ＡＢＣＤ－ＥＦＧＨ－２３４５", "abcd‐efgh−2345\u200b"} {
		if !bytes.Equal(staff.RecoveryDigest(typed), staff.RecoveryDigest("ABCDEFGH2345")) {
			t.Errorf("%q is another recovery code", typed)
		}
	}
}
