package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// A backup begins with a line that names its format and the manifest as a line of JSON. Then comes an archive in pg_dump's
// custom format, and at the end a line with the SHA-256 of everything before it:
//
//	Tiebreak backup 1
//	{"made_at":…}
//	PGDMP…
//	sha256 0123…
//
// An encrypted backup is all of that in an age file.
const (
	firstLine  = "Tiebreak backup "
	format     = "1"
	ageLine    = "age-encryption.org/"
	trailer    = "\nsha256 %x\n"
	trailerLen = len("\nsha256 ") + 2*sha256.Size + len("\n")
	longest    = 1 << 20 // of the first two lines, bytes
)

var errDamaged = errors.New("the file is damaged or not complete: use another backup")

// writeFile writes a backup: head, archive and trailer.
func writeFile(out io.Writer, m Manifest, archive io.Reader) error {
	sum := sha256.New()
	all := io.MultiWriter(out, sum)
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(all, "%s%s\n%s\n", firstLine, format, head); err != nil {
		return err
	}
	if _, err := io.Copy(all, archive); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, trailer, sum.Sum(nil))
	return err
}

// File is a backup that was read to its end once and is whole.
type File struct {
	Manifest
	Path     string
	Checksum string // of its contents, hexadecimal

	key Key
}

// Open reads the whole backup and compares its checksum. Its errors say what to do.
func Open(path string, key Key) (*File, error) {
	f := &File{Path: path, key: key}
	sum, err := f.read(io.Discard)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%s: %w: %s needs a copy in a folder it may read, such as the data folder: "+
			"see \"tiebreak help backup\"", filepath.Join(FolderOf(path), filepath.Base(path)), err, userName())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.Checksum = sum
	return f, nil
}

// Archive writes pg_dump's archive to out. It fails if the file is not the one that was opened any more.
func (f *File) Archive(out io.Writer) error {
	sum, err := f.read(out)
	if err == nil && sum != f.Checksum {
		err = errDamaged
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	return nil
}

// read reads the whole file, sets the manifest, writes the archive to out and returns the checksum, which it has compared.
func (f *File) read(out io.Writer) (checksum string, err error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return "", errors.Unwrap(err) // the path is named already
	}
	defer file.Close()
	plain, err := decrypt(bufio.NewReaderSize(file, 1<<20), f.key)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	if f.Manifest, err = readHead(plain, sum); err != nil {
		return "", err
	}
	written := &holdBack{out: io.MultiWriter(out, sum)}
	if _, err := io.Copy(written, plain); err != nil {
		return "", readError(err, written.failed)
	}
	if want := fmt.Sprintf(trailer, sum.Sum(nil)); string(written.held) != want {
		return "", errDamaged
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
}

// readError returns the error of a copy: of the writer, or else of a file that does not decrypt to its end.
func readError(err, writing error) error {
	if writing != nil {
		return writing
	}
	if _, disk := errors.AsType[*os.PathError](err); disk {
		return err
	}
	return errDamaged
}

// decrypt returns the contents of the file, and an error that says which key is needed.
func decrypt(file *bufio.Reader, key Key) (*bufio.Reader, error) {
	begin, err := file.Peek(len(ageLine))
	if failed, isPath := errors.AsType[*os.PathError](err); isPath {
		return nil, failed.Err // the path is named already
	}
	if string(begin) != ageLine {
		return file, nil
	}
	if len(key.identities) == 0 {
		if key.Set() {
			return nil, errors.New("the backup is encrypted, and TIEBREAK_BACKUP_KEY is a recipient, which can only write: " +
				"set it to the identity (AGE-SECRET-KEY-1...)")
		}
		return nil, errors.New("the backup is encrypted: set TIEBREAK_BACKUP_KEY to the identity (AGE-SECRET-KEY-1...)")
	}
	plain, err := age.Decrypt(file, key.identities...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, errors.New("the backup is encrypted with another key: set TIEBREAK_BACKUP_KEY to the one it was made with")
	}
	if err != nil {
		return nil, errDamaged
	}
	return bufio.NewReaderSize(plain, 1<<20), nil
}

// readHead reads the first two lines into the sum.
func readHead(in *bufio.Reader, sum hash.Hash) (m Manifest, err error) {
	line, err := readLine(in, sum)
	version, ours := strings.CutPrefix(line, firstLine)
	switch {
	case !ours && err != nil && !errors.Is(err, io.EOF):
		return m, errDamaged
	case !ours:
		return m, errors.New("this is not a Tiebreak backup, or it is damaged")
	case version != format:
		return m, fmt.Errorf("the backup has format %.20q, and this program reads only format %s: use the program that made it, "+
			"or a newer one", version, format)
	}
	if line, err = readLine(in, sum); err != nil {
		return m, errDamaged
	}
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		return m, errDamaged
	}
	return m, nil
}

// readLine reads a line of bounded length, without its end.
func readLine(in *bufio.Reader, sum hash.Hash) (string, error) {
	var line bytes.Buffer
	for line.Len() < longest {
		part, err := in.ReadSlice('\n')
		line.Write(part)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		sum.Write(line.Bytes())
		return strings.TrimSuffix(line.String(), "\n"), err
	}
	return "", errDamaged
}

// holdBack passes on all but the last bytes, which are the trailer.
type holdBack struct {
	out    io.Writer
	held   []byte
	failed error // of out
}

// Write passes on what is before the trailer, as far as is known.
func (h *holdBack) Write(p []byte) (int, error) {
	h.held = append(h.held, p...)
	if over := len(h.held) - trailerLen; over > 0 {
		if _, h.failed = h.out.Write(h.held[:over]); h.failed != nil {
			return 0, h.failed
		}
		h.held = append(h.held[:0], h.held[over:]...)
	}
	return len(p), nil
}
