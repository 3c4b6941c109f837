package staff_test

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp/totp"

	"tiebreak/internal/staff"
)

func TestPasswordsThatLookTheSameAreTheSame(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	hash, err := staff.HashPassword(ctx, "\ufeffcafe\u0301 au lait １２")
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]bool{
		"café au lait 12": true, "cafe\u0301 au\u00a0lait 12": true, "café\u200b au lait １２": true, "cafe au lait 12": false,
		"Café au lait 12": false,
	} {
		if got, err := staff.PasswordMatches(ctx, typed, hash); got != want || err != nil {
			t.Errorf("%+q matches: %v (%v)", typed, got, err)
		}
	}
}

func TestHashesOfPasswordsAsTheyWereTypedStillVerify(t *testing.T) {
	t.Parallel()
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	for _, typed := range []string{"cafe\u0301 au lait", "ｐａｓｓ ｗｏｒｄ １２", "a plain password"} {
		old, err := argon2id.CreateHash(typed, cheap)
		if err != nil {
			t.Fatal(err)
		}
		if match, err := staff.PasswordMatches(context.Background(), typed, old); !match || err != nil {
			t.Errorf("%+q: %v (%v)", typed, match, err)
		}
	}
	if match, _ := staff.PasswordMatches(context.Background(), "ｎｏ ｍｅｍｂｅｒ", ""); match {
		t.Error("a password matches without a member")
	}
}

func TestPasswordsAreJudgedByWhatCanBeSeen(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"short" + strings.Repeat("\u200b", 10), "ｐａｓｓｗｏｒｄ１２３", "Ｍａｒａｌｉｎｄ１２３"} {
		if staff.CheckPassword(password, "Mara Lind") == nil {
			t.Errorf("%q is taken", password)
		}
	}
	if staff.CheckPassword("renee dupre 12", "Renée Dupré") == nil {
		t.Error("a name without its accents is taken for a password")
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

func TestDaysOfTheAuditAreReadInAllDigits(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"2026-11-25", "２０２６－１１－２５", "٢٠٢٦-١١-٢٥", "2026‑11‑25 "} {
		f, wrong, err := staff.ReadAuditFilter(url.Values{"from": {typed}}, time.UTC)
		if err != nil || wrong != nil || f.From == nil || f.From.Format(time.DateOnly) != "2026-11-25" {
			t.Errorf("%q is read as %v (%v, %v)", typed, f.From, wrong, err)
		}
	}
}
