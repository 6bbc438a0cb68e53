package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// childSettings is what the parent tells the child. It is a file that only the
// account of the service can read: arguments and environment of a process are shown
// to every account of the machine, or to its own for as long as it runs.
type childSettings struct {
	Library string `json:"library"`
	Config  string `json:"config"`
	// Dir is the folder of the engine. Of what lies in it the child needs its data, its
	// log and its configuration, and cannot reach the rest.
	Dir string `json:"dir"`
	// Host and Port are where the engine itself listens, behind the relay; in a network
	// of its own when Isolated.
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Isolated bool   `json:"isolated"`
	// UID is the account of the parent. The child may have another name for it.
	UID int `json:"uid"`
	// Users maps those who may sign in to the SHA-256 of their passwords.
	Users map[string]string `json:"users"`
}

func (s childSettings) data() string { return filepath.Join(s.Dir, "data") }

// writeChildSettings chooses where the engine listens this time and writes the settings.
func writeChildSettings(path string, s childSettings) error {
	s.UID = os.Geteuid()
	s.Host, s.Port = "127.0.0.1", 9000
	if !s.Isolated {
		var err error
		if s.Host, s.Port, err = innerAddress(); err != nil {
			return err
		}
	}
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode settings of ClickHouse child: %w", err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fmt.Errorf("write settings of ClickHouse child: %w", err)
	}
	return nil
}

func readChildSettings(path string) (s childSettings, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("read settings of ClickHouse child, which is started by duban up: %w", err)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("settings of ClickHouse child %s: %w", path, err)
	}
	return s, nil
}

// innerAddress is a free port of ::1 or, on a machine without it, of 127.0.0.1.
// The user without a password may not come from ::1.
func innerAddress() (host string, port int, err error) {
	var errs []error
	for _, host := range []string{"::1", "127.0.0.1"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		defer func() { _ = l.Close() }()
		return host, l.Addr().(*net.TCPAddr).Port, nil
	}
	return "", 0, fmt.Errorf("find a free port for ClickHouse: %w", errors.Join(errs...))
}
