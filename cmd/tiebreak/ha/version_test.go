//go:build rigs

package ha

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rootFolder is the repository, as the tests of this package are run.
const rootFolder = "../../.."

// previousProgram builds the newest version in the history of git that has an older schema than this one, from whose database
// this one can migrate.
func previousProgram(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(rootFolder + "/migrations/0*.sql")
	must(t, err)
	var ours []string
	for _, file := range files {
		ours = append(ours, "migrations/"+filepath.Base(file))
	}
	commits := strings.Fields(git(t, "log", "--format=%H", "--", "migrations"))
	at := slices.IndexFunc(commits, func(commit string) bool {
		theirs := strings.Fields(git(t, "ls-tree", "--name-only", commit, "migrations/"))
		theirs = slices.DeleteFunc(theirs, func(name string) bool { return !strings.HasPrefix(name, "migrations/0") })
		return len(theirs) < len(ours) && slices.Equal(theirs, ours[:len(theirs)])
	})
	if at < 0 && strings.TrimSpace(git(t, "rev-parse", "--is-shallow-repository")) == "true" {
		t.Fatal("this clone is shallow: the rig needs an earlier version. Run: git fetch --unshallow")
	}
	if at < 0 {
		t.Fatal("the history of git has no version with an older schema")
	}
	return buildCommit(t, commits[at])
}

// buildCommit builds the program of the commit.
func buildCommit(t *testing.T, commit string) string {
	t.Helper()
	t.Logf("the previous version is %s", strings.TrimSpace(git(t, "log", "-1", "--format=%h %s", commit)))
	source := t.TempDir()
	archive := filepath.Join(source, "source.tar")
	git(t, "archive", "--output", archive, commit)
	run(t, exec.Command("tar", "-xf", archive, "-C", source))
	program := filepath.Join(builds, "tiebreak-"+commit)
	build := exec.Command("go", "build", "-o", program, "./cmd/tiebreak")
	build.Dir = source
	run(t, build)
	return program
}

// git returns what git prints in this repository.
func git(t *testing.T, args ...string) string {
	t.Helper()
	return run(t, exec.Command("git", append([]string{"-C", rootFolder}, args...)...))
}
