package inbound

import (
	"bytes"
	"regexp"
	"strings"

	"tiebreak/internal/text"
)

// readFailure returns what a mail server says of an email that it could not deliver, and whether it says so. A warning that it
// will try again is not a failure.
func readFailure(h header, body []byte) (f Failure, failed bool) {
	kind, parameters := h.contentType()
	f.MessageIDs = messageIDs(h.get("In-Reply-To") + " " + h.get("References"))
	if kind != "multipart/report" {
		_, from := sender(h)
		return f, f.readText(body, daemon.MatchString(from) || h.get("X-Failed-Recipients") != "")
	}
	for _, part := range split(body, parameters["boundary"]) {
		of, content := splitHeader(part)
		inner, _ := of.contentType()
		content = decodeTransfer(content, of.get("Content-Transfer-Encoding"))
		switch inner {
		case "message/delivery-status", "message/global-delivery-status":
			failed = f.readStatus(content) || failed
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
			returned, _ := splitHeader(content)
			f.addReturned(returned)
		}
	}
	return f, failed
}

// addReturned adds what the header of the email tells that could not be delivered.
func (f *Failure) addReturned(h header) {
	f.MessageIDs = append(messageIDs(h.get("Message-ID")), f.MessageIDs...)
	f.ReplyTo = append(f.ReplyTo, addressForm.FindAllString(h.get("Reply-To"), maxSplit)...)
}

// readStatus reads the groups of fields about each recipient, and reports whether one failed (RFC 3464, 2.3).
func (f *Failure) readStatus(content []byte) (failed bool) {
	for len(bytes.TrimSpace(content)) > 0 {
		var group header
		before := len(content)
		group, content = splitHeader(bytes.TrimLeft(content, "\r\n"))
		if word(group.get("Action")) == "failed" {
			f.Status, failed = statusCode.FindString(group.get("Status")), true
		}
		if len(content) >= before {
			return failed
		}
	}
	return failed
}

// readText reads the report of a server that does not write them as RFC 3464 says, and reports whether it is about a failure:
// it was written by a daemon or contains the header of the email, and says that the failure is permanent.
func (f *Failure) readText(body []byte, daemon bool) (failed bool) {
	body = []byte(text.WithoutControls(strings.ToValidUTF8(string(body), "\uFFFD"), "\r\n\t"))
	returned := returnedID.FindAllSubmatch(body, maxSplit)
	if len(returned) == 0 && !daemon {
		return false
	}
	for _, found := range returned {
		f.MessageIDs = append(f.MessageIDs, string(found[1]))
	}
	for _, found := range returnedReplyTo.FindAll(body, maxSplit) {
		f.ReplyTo = append(f.ReplyTo, addressForm.FindAllString(string(found), maxSplit)...)
	}
	if found := permanentCode.FindSubmatch(body); found != nil {
		f.Status = string(found[1])
	}
	return f.Status != "" || permanentWords.Match(body)
}

var (
	statusCode      = regexp.MustCompile(`[245]\.\d{1,3}\.\d{1,3}`)
	permanentCode   = regexp.MustCompile(`\b5\d\d[- ]#?(5\.[0-7]\.\d{1,3})\b`)
	permanentWords  = regexp.MustCompile(`(?i)permanent error|permanent failure|could not be delivered`)
	returnedID      = regexp.MustCompile(`(?im)^[> \t]*message-id:\s*<([^<>\s]{1,300})>`)
	returnedReplyTo = regexp.MustCompile(`(?im)^[> \t]*reply-to:[^\r\n]*`)
)
