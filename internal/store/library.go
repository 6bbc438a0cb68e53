package store

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// LibraryEnv names the environment variable that points to libchdb.so.
const LibraryEnv = "DUBAN_LIBCHDB"

// FindLibrary locates libchdb.so: the environment variable first, then
// node_modules beside the executable, its parents, and the working directory
// and its parents. The error says how to install it.
func FindLibrary() (string, error) {
	if p := os.Getenv(LibraryEnv); p != "" {
		if _, err := os.Stat(p); err != nil {
			return "", fmt.Errorf("%s: %w", LibraryEnv, err)
		}
		return p, nil
	}
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	rel := filepath.Join("node_modules", "@chdb", "lib-linux-"+arch+"-gnu", "libchdb.so")
	var starts []string
	if exe, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(exe))
	}
	if wd, err := os.Getwd(); err == nil {
		starts = append(starts, wd)
	}
	for _, dir := range starts {
		for {
			p := filepath.Join(dir, rel)
			if _, err := os.Stat(p); err == nil {
				return p, nil
			}
			parent := filepath.Dir(dir)
			if parent == dir {
				break
			}
			dir = parent
		}
	}
	return "", fmt.Errorf("embedded ClickHouse library not found: run `npm ci` in the project folder, set %s, or use --clickhouse with the "+
		"address of a server", LibraryEnv)
}
