package staff

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"tiebreak/internal/digest"
	"tiebreak/internal/fault"
)

// ChallengeLimit is how long a passkey may take to answer. Each challenge is good for one answer.
const ChallengeLimit = time.Hour

// Purpose is what a challenge is for; an answer to one purpose is not valid for another.
type Purpose string

// PasskeySignIn asks for any passkey of any member.
const PasskeySignIn Purpose = "sign-in"

// PasskeyCreation asks the member for a new passkey.
func PasskeyCreation(member int64) Purpose { return Purpose(fmt.Sprint("added:", member)) }

// PasskeyReauth asks the member for one of theirs.
func PasskeyReauth(member int64) Purpose { return Purpose(fmt.Sprint("reauth:", member)) }

// A challenge is random, says until when it is good, and is signed with what it is for: nothing is kept of one that nobody
// answers.
const (
	nonceLength  = 16
	signedLength = nonceLength + 8
)

func (p *RelyingParty) challenge(purpose Purpose, now time.Time) protocol.URLEncodedBase64 {
	made := make([]byte, nonceLength, signedLength+sha256.Size)
	_, _ = rand.Read(made) // never fails
	made = binary.BigEndian.AppendUint64(made, uint64(now.Add(ChallengeLimit).Unix()))
	return append(made, p.sign(purpose, made)...)
}

func (p *RelyingParty) sign(purpose Purpose, challenge []byte) []byte {
	return digest.Keyed(p.secret, "passkey:"+string(purpose)+"\x00"+string(challenge))
}

// check returns the challenge if it is one of ours, for the purpose and not over.
func (p *RelyingParty) check(encoded string, purpose Purpose, now time.Time) ([]byte, error) {
	challenge, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || len(challenge) != signedLength+sha256.Size ||
		!hmac.Equal(challenge[signedLength:], p.sign(purpose, challenge[:signedLength])) {
		return nil, refused(errors.New("not our challenge"))
	}
	if until := binary.BigEndian.Uint64(challenge[nonceLength:signedLength]); now.After(time.Unix(int64(until), 0)) {
		return nil, fault.Invalid{{Name: "credential", Message: "That took too long. Try again."}}
	}
	return challenge, nil
}
