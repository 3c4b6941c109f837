package staff

import (
	"context"
	_ "embed" // common.txt
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"tiebreak/internal/fault"
)

// Bounds of a password, in characters. The longest bounds the work that a stranger can ask for.
const (
	MinPassword = 10
	MaxPassword = 200
)

// hashing bounds how many passwords are hashed at once: each takes a core and 19 MiB, and half of the cores are for visitors.
var hashing = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))

// known is the same for browsers that their member has signed in with before: a flood of strangers does not make them wait.
var known = make(chan struct{}, 1)

// cost is what the OWASP password storage cheat sheet asks of argon2id at least: 19 MiB, two passes, one lane.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

//go:embed common.txt
var commonList string

// common are passwords that everybody tries first (see the first line of the file), in lower case.
var common = sync.OnceValue(func() map[string]bool {
	list := map[string]bool{}
	for _, line := range strings.Split(commonList, "\n")[1:] {
		list[line] = true
	}
	return list
})

// CheckPassword returns what is wrong with a member's new password, or nil.
func CheckPassword(password, name, email string) fault.Invalid {
	if message := wrongPassword(password, name, email); message != "" {
		return fault.Invalid{{Name: "password", Message: message}}
	}
	return nil
}

// wrongPassword says what is wrong with a new password, or "". Length and rarity count and nothing else (OWASP ASVS 5.0, 6.2);
// own are words of the member's that a stranger would try.
func wrongPassword(password string, own ...string) string {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return fmt.Sprintf("Choose a password of at least %d characters. A few words in a row are easy to keep in mind.", MinPassword)
	case n > MaxPassword:
		return fmt.Sprintf("Choose a password of at most %d characters.", MaxPassword)
	}
	if common()[strings.ToLower(password)] {
		return "Many people use this password, so it is tried first. Choose another one."
	}
	for _, word := range own {
		if word != "" && strings.EqualFold(strings.TrimSpace(password), word) {
			return "Choose a password that is not your name or address."
		}
	}
	return ""
}

// HashPassword is the argon2id hash of a password, with its salt and cost.
func HashPassword(password string) (string, error) {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2id.CreateHash(password, cost)
}

// unknownHash is what a password is compared with when there is no such member, so that both cases take the same time.
var unknownHash = sync.OnceValues(func() (string, error) { return HashPassword("nobody's password") })

// PasswordMatches compares a password with a member's hash; hash is "" when there is no such member. While too many others
// are compared it waits its turn, or until ctx ends: fault.Unavailable. Known browsers wait for each other only.
func PasswordMatches(ctx context.Context, password, hash string, knownBrowser bool) (bool, error) {
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
	turn := hashing
	if knownBrowser {
		turn = known
	}
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return false, fmt.Errorf("passwords: %w", fault.Unavailable)
	}
	defer func() { <-turn }()
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	return match && member, err
}
