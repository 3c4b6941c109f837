package inbound

import (
	"bytes"
	"encoding/base64"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding/charmap"
)

// toUTF8 returns the text in UTF-8. A name that is missing or wrong does not matter where the bytes tell better: hardly any text
// in another encoding happens to be UTF-8. A bad byte is replaced where the rest of the text is UTF-8.
func toUTF8(raw []byte, name string) string {
	name = strings.ToLower(strings.Trim(name, " \t\"'"))
	switch name {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "8bit":
		if isMostlyUTF8(raw) {
			return strings.ToValidUTF8(string(raw), "\uFFFD")
		}
		fallthrough
	case "iso-8859-1", "latin1", "windows-1252":
		if utf8.Valid(raw) {
			return string(raw)
		}
		return decoded(charmap.Windows1252.NewDecoder().Reader(bytes.NewReader(raw)))
	}
	if r, err := charset.Reader(name, bytes.NewReader(raw)); err == nil {
		return decoded(r)
	}
	return toUTF8(raw, "")
}

// isMostlyUTF8 reports whether the text has at least as many characters of several bytes in UTF-8 as runs of bytes that are not
// UTF-8.
func isMostlyUTF8(raw []byte) bool {
	valid, invalid, wasValid := 0, 0, true
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		isValid := r != utf8.RuneError || size > 1
		switch {
		case isValid && size > 1:
			valid++
		case !isValid && wasValid:
			invalid++
		}
		raw, wasValid = raw[size:], isValid
	}
	return valid >= invalid
}

// decoded reads as far as it can be read.
func decoded(r io.Reader) string {
	converted, _ := io.ReadAll(r)
	return strings.ToValidUTF8(string(converted), "\uFFFD")
}

// charsetReader is toUTF8 for package mime.
func charsetReader(name string, input io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(input)
	return strings.NewReader(toUTF8(raw, name)), err
}

// decodeWords returns a value of a header with its encoded words (RFC 2047) decoded. Neighbours are decoded as one: programs
// break them within a character.
func decodeWords(value string) string {
	var out strings.Builder
	var pending []byte
	name, end := "", 0
	flush := func() { out.WriteString(toUTF8(pending, name)); pending = nil }
	for _, at := range wordForm.FindAllStringSubmatchIndex(value, -1) {
		between, word := value[end:at[0]], value[at[2]:at[3]]
		word, _, _ = strings.Cut(word, "*") // a language may follow (RFC 2231, 5)
		if strings.TrimSpace(between) != "" || end == 0 || !strings.EqualFold(word, name) {
			flush()
			if strings.TrimSpace(between) != "" || end == 0 {
				out.WriteString(between)
			}
		}
		if payload := value[at[6]:at[7]]; strings.EqualFold(value[at[4]:at[5]], "b") {
			pending = append(pending, fromBase64([]byte(payload))...)
		} else {
			pending = append(pending, fromQuotedPrintable([]byte(strings.ReplaceAll(payload, "_", "=20")))...)
		}
		name, end = word, at[1]
	}
	flush()
	return out.String() + value[end:]
}

var wordForm = regexp.MustCompile(`=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=`)

// decodeTransfer undoes a Content-Transfer-Encoding. Of broken ones it returns what there is.
func decodeTransfer(raw []byte, encoding string) []byte {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return fromBase64(raw)
	case "quoted-printable":
		return fromQuotedPrintable(raw)
	}
	return raw
}

// fromBase64 leaves out what is not of the alphabet. Padding may stand in between, where pieces were joined.
func fromBase64(raw []byte) []byte {
	var out []byte
	for _, piece := range bytes.Split(raw, []byte("=")) {
		piece = bytes.Map(func(r rune) rune {
			if r < utf8.RuneSelf && strings.ContainsRune(alphabet, r) {
				return r
			}
			return -1
		}, piece)
		if len(piece)%4 == 1 {
			piece = piece[:len(piece)-1]
		}
		decoded, _ := base64.RawStdEncoding.AppendDecode(nil, piece)
		out = append(out, decoded...)
	}
	return out
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// fromQuotedPrintable leaves as it is what is not encoded properly.
func fromQuotedPrintable(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '=' {
			out = append(out, raw[i])
			continue
		}
		rest := raw[i+1:]
		if space := softBreak.Find(rest); space != nil {
			i += len(space)
			continue
		}
		if len(rest) > 1 {
			if high, low := hexDigit(rest[0]), hexDigit(rest[1]); high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low))
				i += 2
				continue
			}
		}
		out = append(out, '=')
	}
	return out
}

var softBreak = regexp.MustCompile(`^[ \t]*(?:\r?\n|$)`)

// hexDigit returns the value of a hexadecimal digit, or -1.
func hexDigit(b byte) int {
	return strings.IndexByte("0123456789abcdef", b|0x20)
}
