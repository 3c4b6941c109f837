package page

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"golang.org/x/text/encoding/unicode"

	"tiebreak/internal/fault"
	typed "tiebreak/internal/text"
)

// ErrDamagedForm is a form that arrived and cannot be read whole, or lacks what our own page would have sent.
var ErrDamagedForm = errors.New("the form is damaged")

// form is a posted form, or what could be read of it and why that is not all.
type form struct {
	values url.Values
	err    error
}

// ReadForm returns a posted form, or what could be read of it and why that is not all.
func ReadForm(r *http.Request) (url.Values, error) {
	f, _ := r.Context().Value(formKey).(form)
	return f.values, f.err
}

// Form returns the form behind RequireWholeForm.
func Form(r *http.Request) url.Values {
	values, _ := ReadForm(r)
	return values
}

// RequireWholeForm returns the handler of a form. Damaged forms do not reach it: all staff forms are refused in this one way.
func RequireWholeForm(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := ReadForm(r); err != nil {
			return err
		}
		return h(w, r)
	}
}

// ID returns the number in the address under the name, or fault.NotFound if it is not a number.
func ID(r *http.Request, name string) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, name), 10, 64)
	if err != nil {
		return 0, fault.NotFound
	}
	return id, nil
}

// ParseID reads the number of a row in a form as our pages send it; anything else is ErrDamagedForm.
func ParseID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamagedForm, err)
	}
	return id, nil
}

// parseForm reads a form of the content type. With ErrDamagedForm, too, it returns what could be read.
func parseForm(contentType string, body []byte) (url.Values, error) {
	if contentType == "" {
		return nil, nil
	}
	kind, params, err := mime.ParseMediaType(contentType)
	var values url.Values
	switch {
	case err != nil:
	case kind == "application/x-www-form-urlencoded":
		values, err = parseFields(string(body))
	case kind == "multipart/form-data":
		values, err = parseParts(body, params["boundary"])
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrDamagedForm, err)
	}
	return values, err
}

// Escapes that were cut off at the end, and what may be a wrong one.
var (
	halfEscape = regexp.MustCompile(`%[0-9a-fA-F]?$`)
	escape     = regexp.MustCompile(`%[0-9a-fA-F]{2}|[%;]`)
)

// parseFields reads a URL-encoded form. What is wrongly encoded is taken as it stands.
func parseFields(body string) (url.Values, error) {
	values, err := url.ParseQuery(body)
	if err != nil {
		values, _ = url.ParseQuery(escape.ReplaceAllStringFunc(halfEscape.ReplaceAllString(body, ""), func(found string) string {
			if len(found) == 1 {
				return url.QueryEscape(found)
			}
			return found
		}))
	}
	return values, err
}

// Fields of uploaded files: the text and, in the same order, the name of each. A form can also send them as plain fields.
const (
	FileField     = "file"
	FileNameField = "file-name"
)

// parseParts reads a multipart form, up to where it breaks off. It skips files, unless the field is called FileField.
func parseParts(body []byte, boundary string) (url.Values, error) {
	if boundary == "" {
		return nil, http.ErrMissingBoundary
	}
	values := url.Values{}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if err == io.EOF { // wrapped, it says that the last boundary is missing
			return values, nil
		}
		if err != nil {
			return values, err
		}
		text, err := io.ReadAll(part)
		switch name := part.FormName(); {
		case name == FileField && part.FileName() != "":
			values.Add(FileField, decoded(text))
			values.Add(FileNameField, part.FileName())
		case name == FileField && len(text) == 0: // no file was chosen
		case name != "" && part.FileName() == "":
			values.Add(name, string(text))
		}
		if err != nil {
			return values, err
		}
	}
}

// decoded returns the text of a file, which may be in UTF-16 if its first bytes say so. One that breaks off inside a character is
// returned as it is, so that its reader notices.
func decoded(text []byte) string {
	utf16 := bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff"))
	if !utf16 || len(text)%2 != 0 {
		return string(text)
	}
	read, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(text)
	if err != nil {
		return string(text)
	}
	return string(read)
}

// Text returns what was typed into a field, as the database can hold it.
func Text(v url.Values, name string) string { return Storable(v.Get(name)) }

// OneLine returns what was typed into a field of one line, which a browser sends without control characters.
func OneLine(v url.Values, name string) string { return typed.WithoutControls(Text(v, name), "") }

// Storable replaces what PostgreSQL's text cannot hold, a NUL or broken UTF-8, by the sign for "a character was here",
// and ends lines in one way: a browser that reads them makes one of all, so what is kept is what it shows and sends again.
func Storable(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	return typed.OneBreak.Replace(text)
}
