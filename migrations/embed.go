// Package migrations embeds the SQL that brings a database to the program's schema.
package migrations

import "embed"

// FS holds the numbered goose files. A merged file is never edited.
//
//go:embed *.sql
var FS embed.FS
