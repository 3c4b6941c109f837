package inbound_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"tiebreak/internal/mail/inbound"
)

const head = "From: Ada Sample <ada@example.org>\nTo: studio@studio.example\n"

func TestPartsNestedTooDeepAreListed(t *testing.T) {
	t.Parallel()
	var nested strings.Builder
	nested.WriteString(head)
	for i := range 5000 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%[1]d\n\n"+
			"--b%[1]d\nContent-Type: text/plain\n\nlevel %[1]d\n--b%[1]d\n", i)
	}
	m := inbound.Read([]byte(nested.String()), "")
	if !strings.Contains(m.Text, "level 0") || !strings.Contains(m.Text, "level 15") || len(m.Parts) != 2 {
		t.Errorf("%q, %v", m.Text, m.Parts)
	}
}

func TestAbsurdlyManyPartsAreNotAllListed(t *testing.T) {
	t.Parallel()
	raw := head + "Content-Type: multipart/mixed; boundary=b\n\n" +
		strings.Repeat("--b\nContent-Type: image/png\n\nx\n", 100_000) + "--b--\n"
	if m := inbound.Read([]byte(raw), ""); len(m.Parts) != 101 || m.Parts[100].Name != "and more files" {
		t.Errorf("%d parts", len(m.Parts))
	}
}

func TestVeryLongTextIsCut(t *testing.T) {
	t.Parallel()
	m := inbound.Read([]byte(head+"\n"+strings.Repeat("wörd ", 1_000_000)), "")
	if n := utf8.RuneCountInString(m.Text); n != 100_001 || !strings.HasSuffix(m.Text, "…") {
		t.Errorf("%d characters", n)
	}
}

// One bad byte does not make a text Latin-1. If hardly anything is UTF-8, the name is wrong.
func TestTextThatIsMostlyUTF8IsReadAsUTF8(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Grüße aus Zürich, caf\xe9":    "Grüße aus Zürich, caf\uFFFD",
		"Gr\xfc\xdfe aus Z\xfcrich":    "Grüße aus Zürich",
		"Z\xfcrich, K\xf6ln, \xc3\xbc": "Zürich, Köln, Ã¼",
		"漢字\xff\xff漢字":                 "漢字\uFFFD漢字",
	} {
		raw := head + "Content-Type: text/plain; charset=UTF-8\n\n" + body
		if got := inbound.Read([]byte(raw), "").Text; got != want {
			t.Errorf("%q is read as %q, want %q", body, got, want)
		}
	}
	raw := head + "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_=C3?=\n\n"
	if got := inbound.Read([]byte(raw), "").Subject; got != "Grüße \uFFFD" {
		t.Errorf("the subject is %q", got)
	}
}

func TestVeryLongTextIsCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	body := "Ü" + strings.Repeat("xxxxxxxx\n", 10) + strings.Repeat("漢", 1_000_000)
	for _, shift := range []string{"", "a", "aa"} {
		for encoding, sent := range map[string]string{
			"8bit": shift + body, "base64": base64.StdEncoding.EncodeToString([]byte(shift + body)),
		} {
			raw := head + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + encoding + "\n\n" + sent
			m := inbound.Read([]byte(raw), "")
			if !strings.HasPrefix(m.Text, shift+"Üxx") || strings.ContainsAny(m.Text, "\uFFFDÃ") {
				t.Errorf("%s after %q is read as %.40q", encoding, shift, m.Text)
			}
		}
	}
}

func TestHeaderAloneTellsSenderAndSize(t *testing.T) {
	t.Parallel()
	m := inbound.ReadHeader([]byte(head+"Subject: The whole archive\nMessage-ID: <big@example.org>\n\n"), 20<<20, "")
	if m.Kind != inbound.Personal || m.Subject != "The whole archive" || !m.MayAnswer || m.Parts[0].Size != 20<<20 {
		t.Errorf("%+v", m)
	}
}

func TestNoAutomaticAnswerGoesToPrograms(t *testing.T) {
	t.Parallel()
	for _, extra := range []string{
		"Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "Precedence: list\n", "List-Id: <a.example.org>\n",
		"X-Auto-Response-Suppress: OOF\n", "Return-Path: <>\n", "X-Autoreply: yes\n", inbound.SiteHeader + ": here\n",
		"X-Failed-Recipients: a@example.org\n",
	} {
		if m := inbound.ReadHeader([]byte(extra+head+"\n"), 1, "here"); m.MayAnswer {
			t.Errorf("%s: an answer would go out", extra)
		}
	}
	for _, extra := range []string{"", "Auto-Submitted: no\n", "Precedence: normal\n", inbound.SiteHeader + ": elsewhere\n"} {
		if m := inbound.ReadHeader([]byte(extra+head+"\n"), 1, "here"); !m.MayAnswer {
			t.Errorf("%s: no answer would go out", extra)
		}
	}
}

// Of any bytes at all, what is read can be stored and shown.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := inbound.Read(raw, "site")
		texts := []string{m.MessageID, m.Name, m.Address, m.Subject, m.Text, m.Quoted, m.Failure.Status}
		texts = append(append(append(texts, m.To...), m.Failure.MessageIDs...), m.Failure.ReplyTo...)
		for _, p := range m.Parts {
			texts = append(texts, p.Name, p.Type)
		}
		for _, text := range texts {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				t.Errorf("%q cannot be stored", text)
			}
		}
		if strings.ContainsAny(m.Subject+m.Name+m.Address, "\r\n\t") {
			t.Errorf("%q, %q or %q is more than a line", m.Subject, m.Name, m.Address)
		}
		header := inbound.ReadHeader(raw, int64(len(raw)), "site")
		if header.Subject != m.Subject || header.Address != m.Address {
			t.Errorf("the header alone reads as %+v", header)
		}
		if bytes.Equal(raw, nil) && m.Kind != inbound.Personal {
			t.Errorf("nothing is %s", m.Kind)
		}
	})
}

// A logo that the HTML shows is not an attachment. A screenshot is one, and so is a picture that the HTML does not show.
func TestSmallPicturesOfTheTextAreNoAttachments(t *testing.T) {
	t.Parallel()
	picture := func(name string, bytes int) string {
		return "--r\nContent-Type: image/png; name=" + name + ".png\nContent-ID: <" + name + "@example.org>\n\n" +
			strings.Repeat("x", bytes) + "\n"
	}
	m := inbound.Read([]byte("From: ada@example.org\nContent-Type: multipart/related; boundary=r\n\n"+
		"--r\nContent-Type: text/html\n\n<p>See</p><img src=\"cid:logo@example.org\"><img src='CID:shot@example.org'>\n"+
		picture("logo", 5_000)+picture("shot", 60_000)+picture("unused", 5_000)+"--r--\n"), "")
	var names []string
	for _, p := range m.Parts {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, " "); got != "shot.png unused.png" {
		t.Errorf("the attachments are %q", got)
	}
}
