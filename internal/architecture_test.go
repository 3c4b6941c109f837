// Package internal_test checks which package imports which.
package internal_test

import (
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// may lists the packages of ours that each package may import. A package that is not listed imports none.
var may = map[string][]string{
	"cmd/tiebreak": {
		"internal/backup", "internal/card", "internal/certificate", "internal/config", "internal/doctor", "internal/health",
		"internal/mail", "internal/mail/mailbox", "internal/demo",
		"internal/email",
		"internal/fault", "internal/guide", "internal/guide/starter", "internal/guide/yamlform", "internal/lead",
		"internal/mailcheck",
		"internal/pgembed", "internal/postgres", "internal/staff", "internal/systemd", "internal/text", "internal/web",
		"internal/web/page", // its Config
		"migrations",
		"templates/ui", // words that pages and commands share
	},
	"cmd/bench":       {"internal/demo", "internal/lead", "internal/pgembed", "internal/postgres", "internal/staff"},
	"internal/card":   {"internal/guide"},
	"internal/config": {"internal/email", "internal/lead"},
	"internal/web": {
		"internal/web/page", "internal/web/public", "internal/web/intake", "internal/web/desk", "internal/web/edit",
		"internal/web/auth", "internal/web/admin", "internal/postgres", "internal/lead", "internal/mailcheck",
		"internal/staff", "internal/fault",
		"internal/doctor", "static",
	},
	"internal/web/page": {
		"internal/digest", "internal/doctor", "internal/health", "internal/postgres", "internal/lead", "internal/staff",
		"internal/fault", "internal/text", "templates/ui",
	},
	"internal/web/public": {
		"internal/web/page", "internal/postgres", "internal/guide", "internal/lead", "internal/fault", "internal/text", "static",
		"templates/ui", "internal/card", "templates/public", "templates/about", "templates/intake",
	},
	"internal/web/intake": {
		"internal/web/page", "internal/guide", "internal/lead", "internal/fault", "internal/web/public", "templates/intake",
	},
	"internal/web/desk": {
		"internal/web/page", "internal/postgres", "internal/guide", "internal/lead", "internal/mailcheck",
		"internal/staff", "internal/fault",
		"internal/text", "internal/web/public", "templates/desk", "templates/insights", "templates/mail",
	},
	"internal/web/edit": {
		"internal/web/page", "internal/postgres", "internal/digest", "internal/guide", "internal/guide/section",
		"internal/guide/yamlform", "internal/lead", "internal/card", "internal/staff", "internal/fault", "internal/text",
		"internal/web/public", "templates/ui", "templates/edit", "templates/options", "templates/form", "templates/public",
	},
	"internal/web/auth": {"internal/web/page", "internal/lead", "internal/staff", "internal/fault", "templates/auth"},
	"internal/web/admin": {
		"internal/web/page", "internal/postgres", "internal/lead", "internal/staff", "internal/fault",
		"internal/text", "templates/admin",
	},
	"internal/mail": {
		"internal/mail/inbound", "internal/postgres", "internal/email", "internal/guide", "internal/lead",
		"internal/mailcheck", "internal/staff",
		"internal/fault", "templates/ui", "templates/mail",
	},
	"internal/mail/inbound": {"internal/digest", "internal/lead", "internal/text"},
	"internal/mail/mailbox": {
		"internal/mail/inbound", "internal/postgres", "internal/digest", "internal/email", "internal/lead", "internal/mailcheck",
		"internal/fault",
	},
	"internal/certificate": {"internal/postgres", "internal/text"},
	"internal/backup":      {"internal/pgembed", "internal/postgres"},
	"internal/doctor": {
		"internal/health", "internal/postgres", "internal/digest", "internal/lead", "internal/mailcheck",
		"internal/text", "templates/ui",
	},
	"internal/postgres": {
		"internal/digest", "internal/email", "internal/guide", "internal/guide/section", "internal/guide/yamlform",
		"internal/lead", "internal/lead/suspicion", "internal/staff", "internal/fault", "internal/text", "migrations",
	},
	"templates/ui": {
		"internal/health", "internal/guide", "internal/lead", "internal/mailcheck", "internal/staff", "internal/fault", "static",
	},
	"templates/about":  {"internal/guide", "internal/lead", "templates/ui"},
	"templates/public": {"internal/guide", "internal/text", "static", "templates/ui", "templates/intake"},
	"templates/intake": {"internal/guide", "internal/lead", "internal/fault", "internal/text", "templates/ui"},
	"templates/desk": {
		"internal/lead", "internal/mailcheck", "internal/staff", "internal/fault", "internal/text", "templates/ui",
		"templates/mail",
	},
	"templates/insights": {"internal/guide", "internal/lead", "internal/fault", "internal/text", "templates/ui"},
	"templates/form":     {"internal/guide", "internal/fault", "templates/ui"},
	"templates/options":  {"internal/guide", "internal/fault", "internal/text", "templates/ui", "templates/form"},
	"templates/edit": {
		"internal/guide", "internal/guide/section", "internal/staff", "internal/fault", "internal/text", "templates/ui",
		"templates/form",
	},
	"templates/auth": {"internal/staff", "internal/fault", "internal/text", "templates/ui", "static"},
	"templates/admin": {
		"internal/health", "internal/lead", "internal/staff", "internal/fault", "internal/text", "templates/ui",
	},
	"templates/mail":          {"internal/guide", "internal/lead", "internal/staff", "internal/text", "templates/ui"},
	"internal/demo":           {"internal/postgres", "internal/guide", "internal/lead", "internal/text"},
	"internal/guide/starter":  {"internal/guide", "internal/guide/yamlform"},
	"internal/guide":          {"internal/digest", "internal/text"},
	"internal/guide/section":  {"internal/digest", "internal/guide", "internal/guide/yamlform", "internal/fault"},
	"internal/guide/yamlform": {"internal/email", "internal/guide", "internal/text"},
	"internal/lead":           {"internal/digest", "internal/email", "internal/fault", "internal/text"},
	"internal/lead/suspicion": {"internal/lead"},
	"internal/mailcheck":      {"internal/lead"},
	"internal/staff":          {"internal/digest", "internal/email", "internal/fault", "internal/text"},
	"internal/email":          {"internal/text"},
	"internal/pgtest":         {"internal/pgembed", "internal/postgres", "internal/lead", "migrations"},
}

// pure lists the outside packages that guide, lead, staff and their helpers may use, each for its own subject.
var pure = map[string][]string{
	"internal/guide/starter": nil,
	"internal/guide/section": nil,
	"internal/guide/yamlform": {
		"go.yaml.in/yaml/v3", "github.com/yuin/goldmark", "golang.org/x/text/encoding",
		"golang.org/x/text/unicode/norm",
	},
	"internal/guide": {"github.com/yuin/goldmark"},
	"internal/lead":  nil,
	"internal/staff": {
		"github.com/alexedwards/argon2id", "github.com/pquerna/otp", "github.com/boombuler/barcode",
		"github.com/go-webauthn/webauthn",
	},
	"internal/digest": nil,
	"internal/fault":  nil,
	"internal/text":   {"golang.org/x/text", "github.com/kljensen/snowball"},
	"internal/email":  {"golang.org/x/net/idna"},
}

func TestPackagesImportOnlyWhatTheTableAllows(t *testing.T) {
	t.Parallel()

	for _, p := range packages(t) {
		for _, path := range p.Imports {
			if ours, yes := strings.CutPrefix(path, "tiebreak/"); yes {
				if !slices.Contains(may[p.name()], ours) {
					t.Errorf("%s imports %s", p.name(), ours)
				}
				continue
			}
			allowed, noun := pure[p.name()]
			if outside := strings.Contains(strings.Split(path, "/")[0], "."); noun && outside &&
				!slices.ContainsFunc(allowed, func(library string) bool { return within(library, path) }) {
				t.Errorf("%s imports %s: a noun keeps to the standard library and the library of its subject", p.name(), path)
			}
		}
	}
}

// within reports whether the path is that of the library or of a package in it.
func within(library, path string) bool {
	return path == library || strings.HasPrefix(path, library+"/")
}

func TestTablesAllowOnlyWhatIsImported(t *testing.T) {
	t.Parallel()

	imports := map[string][]string{}
	for _, p := range packages(t) {
		imports[p.name()] = p.Imports
	}
	check := func(table map[string][]string, prefix string, same func(allowed, path string) bool) {
		for importer, allowed := range table {
			paths, there := imports[importer]
			if !there {
				t.Errorf("a table names %s, which is not there", importer)
			}
			for _, name := range allowed {
				if !slices.ContainsFunc(paths, func(path string) bool { return same(prefix+name, path) }) {
					t.Errorf("a table allows %s to import %s, which it does not", importer, name)
				}
			}
		}
	}
	check(may, "tiebreak/", func(allowed, path string) bool { return path == allowed })
	check(pure, "", within)
}

// TestNoFolderHasTooManyFiles counts Go and templ files, but neither tests nor generated code.
func TestNoFolderHasTooManyFiles(t *testing.T) {
	t.Parallel()
	const most = 20
	for _, p := range packages(t) {
		files := slices.DeleteFunc(p.GoFiles, func(name string) bool { return strings.HasSuffix(name, "_templ.go") })
		templs, err := filepath.Glob(filepath.Join("..", p.name(), "*.templ"))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(files) + len(templs); p.name() != "internal/postgres" && n > most {
			t.Errorf("%s has %d files, more than %d: split it", p.name(), n, most)
		}
	}
}

type listed struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
}

func (l listed) name() string { return strings.TrimPrefix(l.ImportPath, "tiebreak/") }

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "tiebreak/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
