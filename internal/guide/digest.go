package guide

import (
	"encoding/json"
)

// Digest names what the guide says: 32 hex digits. An exported file carries it as based_on.
func (g Guide) Digest() (string, error) {
	document, err := json.Marshal(g)
	return digest(document), err
}

// Digest names what the option and its facts say, whatever their versions.
func (o Option) Digest() (string, error) {
	facts := map[string]Fact{}
	for key, f := range o.Facts {
		f.Version = 0
		facts[key] = f
	}
	o.Facts = facts
	document, err := json.Marshal(o)
	return digest(document), err
}
