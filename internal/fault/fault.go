// Package fault names the kinds of error that a user can meet.
//
// Everything else is an internal error: logged with the request's id and shown without its text.
package fault

import "strings"

// Kind is an error that is only its kind; wrap it to say more.
type Kind string

const (
	// NotFound: there is no such thing, or none that this reader may know of.
	NotFound Kind = "not found"
	// Conflict: somebody or something else was there first, and nothing was overwritten.
	Conflict Kind = "conflict"
	// Forbidden: this reader may not do this.
	Forbidden Kind = "forbidden"
	// TooMany: this reader did this too often; later it may succeed.
	TooMany Kind = "too many"
	// Unavailable: a part that is needed is away for now; the same request may succeed later.
	Unavailable Kind = "unavailable"
)

func (k Kind) Error() string { return string(k) }

// Field is one mistake in a form, said in the reader's words.
type Field struct {
	Name    string // the form field's name
	Message string // what is wrong and what to do
}

// Invalid lists what a reader has to correct, in the order of the form.
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
