package stack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"duban/internal/instance"
	"duban/queries"
)

// The marks of a database say which data folder belongs to it.
const (
	markInstance = "instance"
	markTokenKey = "token-key"
)

// identityTimeout bounds the questions about marks at the start of a role.
const identityTimeout = 30 * time.Second

var (
	selectMarks = queries.Select[struct {
		Name  string `ch:"name"`
		Value string `ch:"value"`
	}]("instance/marks")
	selectHasData = queries.Select[struct {
		HasData uint8 `ch:"has_data"`
	}]("instance/has_data")
)

// mark compares a fingerprint with the one that the database knows by this name, or notes
// it when there is none.
func (s *Stack) mark(ctx context.Context, name string, secret []byte) (same bool, err error) {
	m := hmac.New(sha256.New, secret)
	_, _ = m.Write([]byte("duban " + name))
	value := hex.EncodeToString(m.Sum(nil)[:16])
	known, err := s.marks(ctx)
	if err != nil {
		return false, err
	}
	if v, ok := known[name]; ok {
		return v == value, nil
	}
	return true, s.reg.Exec(ctx, s.db.Conn(), "instance/save_mark", queries.Args{"name": name, "value": value, "at": time.Now()})
}

func (s *Stack) marks(ctx context.Context) (map[string]string, error) {
	rows, err := selectMarks.All(ctx, s.reg, s.db.Conn(), nil)
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	for _, r := range rows {
		known[r.Name] = r.Value
	}
	return known, nil
}

// tokenKey is the key that personal data is tokenised with. It is made with the first
// data and never again: with another key what comes in would not match what is stored.
func (s *Stack) tokenKey() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), identityTimeout)
	defer cancel()
	path := s.Cfg.Secrets.TokenKeyFile
	if path == "" {
		path = filepath.Join(s.Cfg.Data, "secrets", "token-key")
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			if err := s.mayMakeTokenKey(ctx, path); err != nil {
				return nil, err
			}
		}
	}
	key, err := instance.Secret(s.Cfg.Data, "token-key", s.Cfg.Secrets.TokenKeyFile)
	if err != nil {
		return nil, err
	}
	same, err := s.mark(ctx, markTokenKey, key)
	if err == nil && !same {
		err = fmt.Errorf("%s is not the key that the personal data in the database was tokenised with: put that key back, "+
			"from a backup or from another process of the instance (secrets.token_key_file)", path)
	}
	return key, err
}

func (s *Stack) mayMakeTokenKey(ctx context.Context, path string) error {
	known, err := s.marks(ctx)
	if err != nil {
		return err
	}
	database, err := selectHasData.One(ctx, s.reg, s.db.Conn(), nil)
	if err != nil {
		return err
	}
	if _, marked := known[markTokenKey]; marked || database.HasData == 1 {
		return fmt.Errorf("%s is missing, and the database holds data that was tokenised with it: put it back, "+
			"from a backup or from another process of the instance (secrets.token_key_file); a new key would match nothing that is stored", path)
	}
	return nil
}

// checkOpen refuses to serve a database of another instance to everybody. As long as a
// data folder has no user, its server asks nobody for a password; the users of the
// instance lie in its own folder.
func (s *Stack) checkOpen() error {
	id, err := instance.Secret(s.Cfg.Data, "instance-id", "")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), identityTimeout)
	defer cancel()
	own, err := s.mark(ctx, markInstance, id)
	if err != nil || own {
		return err
	}
	if any, err := s.access.Users.Any(); err != nil || any {
		return err
	}
	return fmt.Errorf("the database belongs to another data folder than %s, which has no user, so that everybody who reaches this machine "+
		"would see everything: "+
		"give --data the folder of the instance (all its processes need the same), or add a user to this one (duban user add)", s.Cfg.Data)
}
