package staff

import (
	"context"
	_ "embed" // common.txt
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Bounds of a password, in characters. The longest bounds the work that a stranger can ask for.
const (
	MinPassword = 10
	MaxPassword = 200
)

// hashing bounds how many passwords are hashed at once: each takes a core and 19 MiB, and half of the cores are for visitors.
var hashing = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))

// cost is what the OWASP password storage cheat sheet asks of argon2id at least: 19 MiB, two passes, one lane.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

//go:embed common.txt
var commonList string

// common are passwords that everybody tries first (the first line of the file says whose), in lower case.
var common = sync.OnceValue(func() map[string]bool {
	list := map[string]bool{}
	for line := range strings.Lines(commonList) {
		list[strings.TrimSpace(line)] = true
	}
	return list
})

// CheckPassword returns what is wrong with a new password, or nil; own are words that a stranger would try: the member's name
// and address, and the names of the site.
func CheckPassword(password string, own ...string) fault.Invalid {
	if message := wrongPassword(password, own); message != "" {
		return fault.Invalid{{Name: "password", Message: message}}
	}
	return nil
}

// wrongPassword returns what is wrong with a new password, or "". Length and rarity count and nothing else (OWASP ASVS 5.0, 6.2).
func wrongPassword(password string, own []string) string {
	password = text.Normalize(password)
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return fmt.Sprintf("Choose a password of at least %d characters. A few words in a row are easy to remember.", MinPassword)
	case n > MaxPassword:
		return fmt.Sprintf("Choose a password of at most %d characters.", MaxPassword)
	}
	if common()[strings.ToLower(password)] {
		return "This password is too common. Choose another one."
	}
	if lengthWithout(own, password) < minOther {
		return fmt.Sprintf("This password is too close to your name, your email address or the site’s name. Add at least %d "+
			"other characters.", minOther)
	}
	return ""
}

// A password needs minOther characters besides the words that a stranger would try. Words shorter than minWord do not count.
const (
	minOther = 6
	minWord  = 4
)

// lengthWithout returns how many characters of the password are left without the words, whatever their case and accents.
func lengthWithout(own []string, password string) int {
	words := strings.FieldsFunc(text.Fold(strings.Join(append(own, "tiebreak"), " ")),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) }) // those that hold others first
	left := text.Fold(password)
	for _, word := range words {
		if utf8.RuneCountInString(word) >= minWord {
			left = strings.ReplaceAll(left, word, "")
		}
	}
	return utf8.RuneCountInString(left)
}

// HashPassword returns the argon2id hash of the normalised password, with its salt and cost. It waits for its turn, or returns
// fault.Unavailable when ctx ends.
func HashPassword(ctx context.Context, password string) (string, error) {
	done, err := awaitTurn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(text.Normalize(password), cost)
}

func awaitTurn(ctx context.Context) (done func(), err error) {
	select {
	case hashing <- struct{}{}:
		return func() { <-hashing }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("passwords: %w", fault.Unavailable)
	}
}

// unknownHash is what a password is compared with when there is no such member, so that both cases take the same time.
var unknownHash = sync.OnceValues(func() (string, error) { return HashPassword(context.Background(), "nobody's password") })

// PasswordMatches compares a password with a member's hash; hash is "" when there is no such member. It waits for its turn, or
// returns fault.Unavailable when ctx ends.
func PasswordMatches(ctx context.Context, password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > MaxPassword {
		return false, nil
	}
	member := hash != ""
	if !member {
		var err error
		if hash, err = unknownHash(); err != nil {
			return false, err
		}
	}
	done, err := awaitTurn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	for _, form := range forms(password) {
		if match, err := argon2id.ComparePasswordAndHash(form, hash); match || err != nil {
			return match && member, err
		}
	}
	return false, nil
}

// forms returns what a hash may have been made of: the normalised password, and the one that was typed where that differs,
// for hashes from before passwords were normalised.
func forms(password string) []string {
	return slices.Compact([]string{text.Normalize(password), password})
}
