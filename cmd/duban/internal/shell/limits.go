package shell

import (
	"duban/internal/config"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// DemoFile remembers in the data folder what was loaded, so that the next
// start does not load it again.
const DemoFile = "demo.json"

// DemoLimits is where DemoFile names the sources that the demo gives limits of their
// own, so that a command without a configuration computes as the demo does.
const DemoLimits = "own limits"

// OwnLimits are the sources whose limits count: those of the configuration, else those of
// the demo in the folder.
func OwnLimits(cfg config.Config) ([]string, error) {
	if len(cfg.Supervise.OwnLimits) > 0 {
		return cfg.Supervise.OwnLimits, nil
	}
	done, err := DemoMarks(cfg.Data)
	return strings.Fields(done[DemoLimits]), err
}

// DemoMarks are what the demo loaded into the folder, by name.
func DemoMarks(dir string) (map[string]string, error) {
	done := map[string]string{}
	b, err := os.ReadFile(filepath.Join(dir, DemoFile))
	if errors.Is(err, os.ErrNotExist) {
		return done, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what the demo loaded: %w", err)
	}
	if err := json.Unmarshal(b, &done); err != nil {
		return nil, fmt.Errorf("%s is damaged; delete it to load the samples again (no figure changes): %w", DemoFile, err)
	}
	return done, nil
}
