package rows

import (
	"bufio"
	"bytes"
	"path/filepath"
	"strings"

	"duban/ingest/importer/mapping"
)

// sniff finds the format of a text; the file's name settles what the bytes leave
// open.
func sniff(head []byte, path string) string {
	t := bytes.TrimLeft(head, " \t\r\n")
	name := strings.ToLower(filepath.Base(path))
	for _, z := range []string{".gz", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, z)
	}
	switch {
	case bytes.HasPrefix(t, []byte("<?xml")), bytes.HasPrefix(t, []byte("<log")), bytes.HasPrefix(t, []byte("<!--")):
		return "xes"
	case firstLineIsObject(t), isArrayOfObjects(t):
		return "ndjson"
	case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".tsv"), strings.HasSuffix(name, ".txt"):
		return "csv"
	case bytes.HasPrefix(t, []byte("{")), strings.HasSuffix(name, ".ndjson"), strings.HasSuffix(name, ".jsonl"),
		strings.HasSuffix(name, ".json"):
		return "ndjson"
	case strings.HasSuffix(name, ".xes") && bytes.HasPrefix(t, []byte("<")):
		return "xes"
	}
	return "csv"
}

// text decodes a text to UTF-8. A byte-order mark decides how, whatever the
// mapping says, and is dropped.
func (r *Reader) text(br *bufio.Reader, head []byte, name string) (*bufio.Reader, error) {
	if m, ok := markOf(head); ok {
		if _, err := br.Discard(len(m.bytes)); err != nil {
			return nil, err
		}
		if r.Encoding = m.name; m.enc == nil {
			return br, nil
		}
		return bufio.NewReaderSize(decoded(br, m.enc), 256<<10), nil
	}
	e, err := mapping.Encoding(name)
	if err != nil || e == nil {
		return br, err
	}
	r.Encoding = name
	return bufio.NewReaderSize(decoded(br, e), 256<<10), nil
}
