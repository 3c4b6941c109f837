// Package migrations embeds the SQL that brings a database to the program's schema.
package migrations

import (
	"embed"
	"io/fs"
	"strconv"
)

// FS holds the numbered goose files. A merged file is never edited.
//
//go:embed *.sql
var FS embed.FS

// Newest returns the number of the newest file, which is the program's schema.
func Newest() int64 {
	names, _ := fs.Glob(FS, "*.sql") // fails only for a bad pattern
	number, err := strconv.ParseInt(names[len(names)-1][:5], 10, 64)
	if err != nil {
		panic(err)
	}
	return number
}
