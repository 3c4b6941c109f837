package yamlform

import (
	"bytes"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// BasedOn returns what the file says that it is based on; "" if it says nothing.
func (f File) BasedOn() string {
	switch {
	case f.Option != nil:
		return f.Option.BasedOn
	case f.Guide != nil:
		return f.Guide.BasedOn
	}
	return ""
}

// WithBase returns the text of the file with another based_on, and whether it has a line to change. All else stays as the
// author wrote it.
func (f File) WithBase(text []byte, digest string) ([]byte, bool) {
	at, before := f.places["based_on"], f.BasedOn()
	if before == "" || before == digest || at.line == 0 {
		return text, false
	}
	form := encodingOf(text)
	read, err := form.NewDecoder().Bytes(text)
	if err != nil {
		return text, false
	}
	lines := bytes.SplitAfter(read, []byte("\n"))
	line := lines[at.line-1]
	begin := bytes.Index(line, []byte(before))
	// It is not there if the file changed meanwhile. In "\x30…" it seems to be: the 0 of an escape.
	if bytes.Count(line, []byte(before)) != 1 || begin > 0 && !bytes.ContainsRune([]byte(" \t\"':"), rune(line[begin-1])) {
		return text, false
	}
	lines[at.line-1] = bytes.Replace(line, []byte(before), []byte(digest), 1)
	renewed, err := form.NewEncoder().Bytes(bytes.Join(lines, nil))
	return renewed, err == nil
}

// encodingOf returns how the text is encoded: UTF-8, or UTF-16 as its first bytes say.
func encodingOf(text []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(text, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(text, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	return encoding.Nop
}

// IsExport reports whether the text is exactly what an export wrote: nothing in it is an author's.
func IsExport(t Text) bool {
	files, findings := Read([]Text{t})
	if Mistakes(findings) > 0 {
		return false
	}
	f := files[0]
	var digest string
	var written []byte
	var err, failed error
	switch {
	case f.Option != nil:
		digest, err = f.Option.Digest()
		written, failed = YAML(f.Option)
	case f.Guide != nil:
		digest, err = f.Guide.Digest()
		written, failed = YAML(f.Guide)
	}
	return err == nil && failed == nil && digest != "" && digest == f.BasedOn() && bytes.Equal(written, t.Content)
}
