package access

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
)

// diskStore keeps one file per session in a folder. On disk, because sessions
// then outlive a restart and are the same for every process on the data folder;
// as files, because the embedded engine is no place for rows that change with
// every request. A file is named after the hash of the token (see
// HashTokenInStore), so that who can read the folder cannot take over a session.
//
// A file holds the expiry (milliseconds, 8 bytes) and the data. Without data it
// is a grave: a session that was ended, which a request that was still running
// then must not bring back.
type diskStore struct {
	dir string
	now func() time.Time
	mu  sync.Mutex
	// swept is when expired files were last removed.
	swept time.Time
}

var (
	_         scs.Store = (*diskStore)(nil)
	tokenHash           = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
)

// rewriteAfter is how much later a session must end for its file to be written
// again, so that not every request writes.
const rewriteAfter = 30 * time.Second

// sweepEvery is how often expired files are removed.
const sweepEvery = 10 * time.Minute

var errToken = errors.New("the name of a session is malformed")

func (s *diskStore) file(token string) (string, error) {
	if !tokenHash.MatchString(token) {
		return "", errToken
	}
	return filepath.Join(s.dir, token), nil
}

// Find implements scs.Store.
func (s *diskStore) Find(token string) ([]byte, bool, error) {
	path, err := s.file(token)
	if err != nil {
		return nil, false, err
	}
	data, expiry, err := readSession(path)
	if err != nil || len(data) == 0 || !s.now().Before(expiry) {
		return nil, false, err
	}
	return data, true, nil
}

// Commit implements scs.Store.
func (s *diskStore) Commit(token string, data []byte, expiry time.Time) error {
	path, err := s.file(token)
	if err != nil {
		return err
	}
	return s.locked(func() error {
		old, until, err := readSession(path)
		if err != nil {
			return err
		}
		if until.After(s.now()) && (len(old) == 0 || string(old) == string(data) && expiry.Sub(until).Abs() < rewriteAfter) {
			return nil // ended, or nothing new
		}
		s.sweep()
		return writeSession(path, data, expiry)
	})
}

// Delete implements scs.Store.
func (s *diskStore) Delete(token string) error {
	path, err := s.file(token)
	if err != nil {
		return err
	}
	return s.locked(func() error { return writeSession(path, nil, s.now().Add(sessionLife)) })
}

func (s *diskStore) locked(fn func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("create folder of sessions: %w", err)
	}
	return withLock(filepath.Join(s.dir, "lock"), fn)
}

// sweep removes files that have expired; what it cannot remove it leaves for
// the next time.
func (s *diskStore) sweep() {
	if s.now().Sub(s.swept) < sweepEvery {
		return
	}
	s.swept = s.now()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(s.dir, e.Name())
		if !tokenHash.MatchString(e.Name()) {
			continue
		}
		if _, until, err := readSession(path); err == nil && !until.After(s.now()) {
			_ = os.Remove(path)
		}
	}
}

// readSession gives the zero expiry for a file that does not exist.
func readSession(path string) (data []byte, expiry time.Time, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read session: %w", err)
	}
	if len(b) < 8 {
		return nil, time.Time{}, nil // cut off by a loss of power: no session
	}
	return b[8:], time.UnixMilli(int64(binary.BigEndian.Uint64(b))), nil //nolint:gosec // written below from a time
}

func writeSession(path string, data []byte, expiry time.Time) error {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(data)), uint64(expiry.UnixMilli())) //nolint:gosec // after 1970
	return replace(path, append(b, data...), false)
}
