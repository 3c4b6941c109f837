// Package fault defines the kinds of error that a user can meet.
//
// Every other error is internal: it is logged with the request's id and shown without its text.
package fault

import "strings"

// Kind is an error without details; wrap it to add some.
type Kind string

const (
	// NotFound: there is no such thing, or this user may not know of it.
	NotFound Kind = "not found"
	// Gone: there was such a thing, and there never will be again.
	Gone Kind = "gone"
	// Conflict: something else changed first, and nothing was overwritten.
	Conflict Kind = "conflict"
	// Forbidden: this user may not do this.
	Forbidden Kind = "forbidden"
	// TooMany: this user did this too often; later it may succeed.
	TooMany Kind = "too many"
	// Unavailable: a part that is needed does not answer now; the same request may succeed later.
	Unavailable Kind = "unavailable"
)

func (k Kind) Error() string { return string(k) }

// Field is one mistake in a form, in the user's words.
type Field struct {
	Name    string // the form field's name
	Message string // what is wrong and what to do
}

// Invalid lists what a user has to correct, in the order of the form.
type Invalid []Field

func (v Invalid) Error() string {
	messages := make([]string, len(v))
	for i, f := range v {
		messages[i] = f.Name + ": " + f.Message
	}
	return "invalid: " + strings.Join(messages, "; ")
}

// Add adds a mistake in the named field.
func (v *Invalid) Add(name, message string) { *v = append(*v, Field{Name: name, Message: message}) }

// For returns the message for the named field, or "".
func (v Invalid) For(name string) string {
	for _, f := range v {
		if f.Name == name {
			return f.Message
		}
	}
	return ""
}
