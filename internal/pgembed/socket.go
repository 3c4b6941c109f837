package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// socketName is the file that postgres makes in the socket's folder.
const socketName = ".s.PGSQL." + port

// maxSocketPath keeps a socket's path below what systems allow: 107 bytes, 103 on macOS.
const maxSocketPath = 100

// shortPrefix starts the names of the folders that stand in for a run folder with too long a path.
const shortPrefix = "tiebreak-"

// socketFolder makes the folder for the socket, closed to all users but the account.
func (l location) socketFolder() (string, error) {
	if len(filepath.Join(l.run(), socketName)) > maxSocketPath {
		return l.shortFolder()
	}
	if err := os.Mkdir(l.run(), 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	return l.run(), l.account.chown(l.run())
}

// shortFolder makes a folder where the system has temporary files and the account can enter.
func (l location) shortFolder() (string, error) {
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		entered, err := l.account.canEnter(parent)
		if err != nil {
			return "", err
		}
		if !entered {
			continue
		}
		folder, err := os.MkdirTemp(parent, shortPrefix)
		if err != nil {
			return "", err
		}
		if len(filepath.Join(folder, socketName)) <= maxSocketPath {
			return folder, l.account.chown(folder)
		}
		os.Remove(folder)
	}
	return "", fmt.Errorf("%s is too long a path for PostgreSQL's socket: choose a shorter folder with TIEBREAK_DATA", l.root)
}

// removeShortFolder removes a folder that shortFolder made, and leaves any other alone.
func (l location) removeShortFolder(folder string) {
	if folder != l.run() && strings.HasPrefix(filepath.Base(folder), shortPrefix) {
		os.Remove(folder) // a folder that is not empty stays
	}
}

// pidFile is what postgres writes about itself into postmaster.pid.
type pidFile struct {
	pid    int
	socket string // folder of the socket
	ready  bool
}

// readPidFile returns false while there is no file or postgres is still writing its first lines.
func readPidFile(data string) (pidFile, bool) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, false
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(lines[0])
	if err != nil || len(lines) < 5 {
		return pidFile{}, false
	}
	ready := len(lines) >= 8 && strings.TrimSpace(lines[7]) == "ready"
	return pidFile{pid: pid, socket: lines[4], ready: ready}, true
}

// attach returns the socket's folder of a cluster that another process runs, once its database answers.
func (l location) attach(ctx context.Context) (string, error) {
	file, ok := readPidFile(l.data())
	if !ok || !file.ready {
		return "", errors.New("not ready")
	}
	conn, err := pgx.Connect(ctx, connectionURL(file.socket, databaseName))
	if err != nil {
		return "", err
	}
	return file.socket, conn.Close(ctx)
}

// makeDatabase makes the program's database unless it is there: a first start may have ended before it.
func makeDatabase(ctx context.Context, socket string, empty bool) error {
	conn, err := pgx.Connect(ctx, connectionURL(socket, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if empty {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+databaseName); err != nil {
			return err
		}
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", databaseName).Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+databaseName)
	return err
}
