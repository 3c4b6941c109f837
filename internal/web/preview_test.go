package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/lead"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/staff"
)

func TestPreviewShowsTheReplyAsItGoesOut(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	receipt := s.ask("A sample project", "email", "ada@example.org")
	s.mustPost(receipt+"/notes", "note", "Two <b>lines</b>\nof a note")
	s.arrives(lead.Message{SenderName: "The boss", SenderAddress: "boss@example.org", Text: "Do not tell them."})
	s.mustPost("/staff/inbox/1/lead", "reference", "TB-0001")
	page := s.act("TB-0001", "/reply", fields("do", "preview", "reply", "So **bold**."))
	page.wantText("#preview", "you wrote:", "Two <b>lines</b> of a note", "You can answer this email").
		wantNoText("#preview", "Do not tell them.")

	s.mustAct("TB-0001", "/reply", "reply", "So **bold**.")
	box := mailtest.New(t)
	s.deliver(box)
	s.await(mailed, noJobs)
	letters := box.Got()
	i := slices.IndexFunc(letters, func(l mailtest.Letter) bool { return l.To[0] == "ada@example.org" && replied(l) })
	if i < 0 {
		t.Fatalf("no reply was sent: %v", letters)
	}
	_, html, _ := strings.Cut(unfold(letters[i]), "<html")
	read, err := goquery.NewDocumentFromReader(strings.NewReader("<html" + html))
	noError(t, err)
	read.Find("main .brand").Remove()
	if sent := words(read.Find("main")); sent != words(page.Find("#preview .prose")) {
		t.Errorf("sent was\n%s\nshown was\n%s", sent, words(page.Find("#preview .prose")))
	}
}

// words returns the text, without the site's address.
func words(of *goquery.Selection) string {
	return regexp.MustCompile(`https?://\S+|\s`).ReplaceAllString(of.Text(), "")
}

// unfold joins the lines of the email that quoted-printable breaks (RFC 2045, 6.7).
func unfold(l mailtest.Letter) string {
	return strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(l.Text)
}

func replied(l mailtest.Letter) bool { return strings.Contains(unfold(l), "<strong>bold</strong>") }
