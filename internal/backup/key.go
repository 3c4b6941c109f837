package backup

import (
	"errors"
	"strings"

	"filippo.io/age"
)

// Key encrypts backups, and decrypts them if it is an identity. The zero value leaves them as they are.
type Key struct {
	recipients []age.Recipient
	identities []age.Identity // none if the key is a recipient, which can only write
}

// ParseKey reads an age identity (AGE-SECRET-KEY-…) or an age recipient (age1…). Its errors do not repeat the text: it may be
// secret.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Key{}, nil
	}
	if recipients, err := age.ParseRecipients(strings.NewReader(text)); err == nil {
		return Key{recipients: recipients}, nil
	}
	identities, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return Key{}, errors.New("TIEBREAK_BACKUP_KEY is not an age key: write an identity (AGE-SECRET-KEY-1...), or a " +
			"recipient (age1...) that can only write; age-keygen makes both")
	}
	k := Key{identities: identities}
	for _, identity := range identities {
		switch identity := identity.(type) {
		case *age.X25519Identity:
			k.recipients = append(k.recipients, identity.Recipient())
		case *age.HybridIdentity:
			k.recipients = append(k.recipients, identity.Recipient())
		}
	}
	return k, nil
}

// Set reports whether backups are encrypted.
func (k Key) Set() bool { return len(k.recipients) > 0 }

// CanRead reports whether what the key encrypts can be read with it.
func (k Key) CanRead() bool { return !k.Set() || len(k.identities) > 0 }
