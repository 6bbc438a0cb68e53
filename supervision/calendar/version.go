package calendar

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// The embedded versions.
const (
	// CN20260807 holds the notices of 2007 to 2026, amendments included
	// (holiday-cn of 2026-08-07); 2027 is not published in it. It is the
	// default.
	CN20260807 = "cn-2026-08-07"
	// CN20191121 is the calendar as it stood after the notice of 2019-11-21:
	// the years 2007 to 2020 without the lengthening of the Spring Festival
	// that was ordered on 2020-01-27.
	CN20191121 = "cn-2019-11-21"
	// DefaultVersion is the version that Default loads.
	DefaultVersion = CN20260807
)

//go:embed data/*.json data/lunar.csv
var embedded embed.FS

// Versions lists the embedded versions, the default first.
func Versions() []string { return []string{CN20260807, CN20191121} }

// Default loads the default version.
func Default() (*Calendar, error) { return Load(DefaultVersion) }

// Load builds an embedded version.
func Load(version string) (*Calendar, error) {
	switch version {
	case CN20260807:
		return loadEmbedded(version, 2027, "")
	case CN20191121:
		return loadEmbedded(version, 2020, "2020-first-notice.json")
	}
	return nil, fmt.Errorf("load calendar %q: there is no such version (have %s)", version, strings.Join(Versions(), ", "))
}

// LoadDir builds a version from year files (*.json) of a directory, for
// notices newer than the embedded ones.
func LoadDir(version string, dir fs.FS) (*Calendar, error) {
	files, err := fs.Glob(dir, "*.json")
	if err != nil {
		return nil, fmt.Errorf("load calendar %s: %w", version, err)
	}
	notices := make([]Notice, 0, len(files))
	for _, name := range files {
		n, err := readNotice(dir, name)
		if err != nil {
			return nil, fmt.Errorf("load calendar %s: %w", version, err)
		}
		notices = append(notices, n)
	}
	return New(version, notices)
}

// loadEmbedded reads the year files through the given year; lastFile, when not
// empty, is read instead of the file of that last year.
func loadEmbedded(version string, through int, lastFile string) (*Calendar, error) {
	notices := make([]Notice, 0, through-2006)
	for year := 2007; year <= through; year++ {
		name := fmt.Sprintf("%d.json", year)
		if year == through && lastFile != "" {
			name = lastFile
		}
		n, err := readNotice(embedded, path.Join("data", name))
		if err != nil {
			return nil, fmt.Errorf("load calendar %s: %w", version, err)
		}
		notices = append(notices, n)
	}
	return New(version, notices)
}

func readNotice(dir fs.FS, name string) (Notice, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return Notice{}, err
	}
	n, err := ParseNotice(data)
	if err != nil {
		return Notice{}, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}
