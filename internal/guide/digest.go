package guide

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Digest returns 32 hex digits that stand for what the guide says. An exported file carries them as based_on.
func (g Guide) Digest() (string, error) {
	document, err := json.Marshal(g)
	return digest(document), err
}

// Digest returns 32 hex digits that stand for what the option and its facts say, whatever their versions.
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

func digest(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:16])
}
