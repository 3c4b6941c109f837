package pgembed

import (
	"context"
	"fmt"
	"os"
	"testing"
)

func TestSecondServeIsRefusedAndNamesTheFirst(t *testing.T) {
	t.Parallel()

	folder := lockedFolder(t, "serve")

	wantRefused(t, options(folder, "serve"), "pg is already in use by", `"tiebreak serve"`, fmt.Sprintf("(process %d)", os.Getpid()),
		"TIEBREAK_DATA")
}

// lockedFolder returns a data folder whose lock is held in the name of a command; no cluster runs there.
func lockedFolder(t *testing.T, command string) string {
	t.Helper()
	folder := newFolder(t)
	l := locationOf(t, folder)
	must(t, l.make())
	taken, err := l.tryLock(command)
	must(t, err)
	t.Cleanup(taken.release)
	return folder
}

func TestAnotherCommandAttachesAndDoesNotStopTheCluster(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	first := open(t, options(folder, "serve"))
	second := open(t, options(folder, "guide import"))

	if !first.Owned() || second.Owned() {
		t.Errorf("owned: first %v, second %v; want true, false", first.Owned(), second.Owned())
	}
	wantRows(t, second, 1)
	must(t, second.Close())
	wantRows(t, first, 1)
}

func TestCommandAttachesToAServeThatIsStillStarting(t *testing.T) {
	t.Parallel()

	folder := newFolder(t)
	first := startOwner(t, options(folder, "serve"), nil)
	eventually(t, "initdb is at work", soon, func() bool { return len(unfinished(t, folder, "")) > 0 })

	second := open(t, options(folder, "migrate"))

	if second.Owned() {
		t.Error("the command runs the cluster, though a serve was first")
	}
	must(t, query(second.URL(), "SELECT 1"))
	wantError(t, first.answer(t).Error)
}

func TestServeWaitsForACommandToEnd(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	command := open(t, options(folder, "migrate"))
	serve := openInBackground(t, options(folder, "serve"))
	select {
	case r := <-serve:
		t.Fatalf("serve did not wait: %v", r.err)
	default:
	}
	must(t, command.Close())

	r := <-serve
	must(t, r.err)
	defer r.cluster.Close()
	if !r.cluster.Owned() {
		t.Error("serve does not own its cluster")
	}
	wantRows(t, r.cluster, 1)
}

func TestCommandTakesOverWhenTheOwnerGoesAway(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	owner, err := locationOf(t, folder).tryLock("serve")
	must(t, err)
	command := openInBackground(t, options(folder, "migrate"))
	owner.release()

	r := <-command
	must(t, r.err)
	defer r.cluster.Close()
	if !r.cluster.Owned() {
		t.Error("the command attached to a cluster that nobody runs")
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()

	folder := lockedFolder(t, "migrate")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := Open(ctx, options(folder, "serve")); err != context.Canceled {
		t.Errorf("Open says %v, want that it was cancelled", err)
	}
}

// opened is what Open returned.
type opened struct {
	cluster *Cluster
	err     error
}

// openInBackground opens a cluster while the test continues.
func openInBackground(t *testing.T, o Options) <-chan opened {
	t.Helper()
	done := make(chan opened, 1)
	go func() {
		c, err := Open(t.Context(), o)
		done <- opened{c, err}
	}()
	return done
}
