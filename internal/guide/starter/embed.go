// Package starter holds what a new database starts with: the first guides, in the YAML form.
package starter

import "embed"

// FS is laid out as an export is: options/*.yaml, guides/*.yaml, site.yaml.
//
//go:embed options guides site.yaml
var FS embed.FS
