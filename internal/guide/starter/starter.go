// Package starter holds what a new database starts with: the first guides, in the YAML form.
package starter

import (
	"embed"
	"fmt"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

// FS is laid out as an export is: options/*.yaml, guides/*.yaml, site.yaml.
//
//go:embed options guides site.yaml
var FS embed.FS

// Folder reads the files.
func Folder() (guide.Folder, error) {
	texts, err := yamlform.Texts(FS)
	if err != nil {
		return guide.Folder{}, err
	}
	files, findings := yamlform.Read(texts)
	if len(findings) > 0 {
		return guide.Folder{}, fmt.Errorf("starter guides: %v", findings)
	}
	return yamlform.Collect(files), nil
}
