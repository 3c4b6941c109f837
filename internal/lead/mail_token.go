package lead

import (
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"tiebreak/internal/digest"
)

// tokenMAC is how many bytes of the HMAC a token has: nobody guesses 80 bits by sending emails.
const tokenMAC = 10

// tokens are in lower case and without padding: mail systems change the case of addresses.
var tokens = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// MailToken returns what the address has in it that answers about the lead with the id are sent to. Nobody can make one without
// the site's secret.
func MailToken(secret []byte, id int64) string {
	number := binary.BigEndian.AppendUint64(nil, uint64(id))
	for len(number) > 1 && number[0] == 0 {
		number = number[1:]
	}
	return tokens.EncodeToString(append(tokenDigest(secret, id), number...))
}

// ReadMailToken returns the id of the lead that the token is for, in whatever case, and whether it is a token of this site.
func ReadMailToken(secret []byte, token string) (id int64, ok bool) {
	raw, err := tokens.DecodeString(strings.ToLower(token))
	if err != nil || len(raw) <= tokenMAC || len(raw) > tokenMAC+8 {
		return 0, false
	}
	for _, b := range raw[tokenMAC:] {
		id = id<<8 | int64(b)
	}
	return id, subtle.ConstantTimeCompare([]byte(strings.ToLower(token)), []byte(MailToken(secret, id))) == 1
}

func tokenDigest(secret []byte, id int64) []byte {
	return digest.Keyed(secret, fmt.Sprintf("mail token:%d", id))[:tokenMAC]
}

// MaxReplyAddress is how many characters the part before the @ of the address for answers may have: with a token it must not
// have more than 64 (RFC 5321, 4.5.3.1.1).
const MaxReplyAddress = maxLocal - 1 - 30

const maxLocal = 64

// forTeam stands before the token in the address that the team's answers about a lead go to. Only the team gets that address.
const forTeam = "+team"

// ReplyAddress returns the address for answers about the lead with the id: reply+TOKEN@studio.example for
// reply@studio.example.
func ReplyAddress(secret []byte, address string, id int64) string {
	at := strings.LastIndexByte(address, '@')
	return address[:at] + "+" + MailToken(secret, id) + address[at:]
}

// TeamAddress returns the address for what the team answers to emails about the lead: reply+team+TOKEN@studio.example. If
// that would be too long, it is the one for answers: the sender then tells a member from the prospect.
func TeamAddress(secret []byte, address string, id int64) string {
	at := strings.LastIndexByte(address, '@')
	local := address[:at] + forTeam + "+" + MailToken(secret, id)
	if len(local) > maxLocal {
		return ReplyAddress(secret, address, id)
	}
	return local + address[at:]
}

// IsTeamAddress reports whether an address for answers is the one of the team.
func IsTeamAddress(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	last := strings.LastIndexByte(local, '+')
	return last >= 0 && strings.HasSuffix(local[:last], forTeam)
}

// ReadReplyAddress returns the id of the lead that the address for answers is about, and whether it is one of this site. The
// token alone decides: forwarding may have changed the rest.
func ReadReplyAddress(secret []byte, address string) (id int64, ok bool) {
	local, _, _ := strings.Cut(address, "@")
	return ReadMailToken(secret, local[strings.LastIndexByte(local, '+')+1:])
}

// DeliveryMessageID returns the part before the @ of the Message-ID of a delivery's email: the same for each attempt to send it.
// It tells strangers nothing of how many there are.
func DeliveryMessageID(secret []byte, delivery int64) string {
	return hex.EncodeToString(digest.Keyed(secret, fmt.Sprintf("delivery:%d", delivery))[:16])
}
