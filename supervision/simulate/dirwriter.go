package simulate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"

	"duban/ingest/event"
)

// DirWriter is a Publisher that writes one file of lines per topic:
// <topic>.ndjson, or <topic>.ndjson.gz. Keys are not written; they follow from
// the messages. It is not safe for concurrent use.
type DirWriter struct {
	files map[event.Topic]*topicFile
}

type topicFile struct {
	file *os.File
	zip  *gzip.Writer // nil when not compressed
	out  *bufio.Writer
}

// NewDirWriter creates the directory and an empty file per topic.
func NewDirWriter(dir string, compress bool) (*DirWriter, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create %s: %w", dir, err)
	}
	w := &DirWriter{files: map[event.Topic]*topicFile{}}
	for _, topic := range event.Topics() {
		name := filepath.Join(dir, string(topic)+".ndjson")
		if compress {
			name += ".gz"
		}
		f, err := os.Create(name)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("create %s: %w", name, err), w.Close())
		}
		t := &topicFile{file: f}
		var sink io.Writer = f
		if compress {
			t.zip, err = gzip.NewWriterLevel(f, gzip.BestSpeed)
			if err != nil {
				return nil, errors.Join(fmt.Errorf("compress %s: %w", name, err), f.Close(), w.Close())
			}
			sink = t.zip
		}
		t.out = bufio.NewWriterSize(sink, 1<<20)
		w.files[topic] = t
	}
	return w, nil
}

var _ Publisher = (*DirWriter)(nil)

// Publish writes the value and a line feed.
func (w *DirWriter) Publish(_ context.Context, topic event.Topic, _, value []byte) error {
	t := w.files[topic]
	if t == nil {
		return fmt.Errorf("publish to %q: no such topic", topic)
	}
	_, err := t.out.Write(value)
	if err == nil {
		err = t.out.WriteByte('\n')
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", t.file.Name(), err)
	}
	return nil
}

// Flush hands everything to the operating system.
func (w *DirWriter) Flush(context.Context) error {
	for _, topic := range event.Topics() {
		t := w.files[topic]
		err := t.out.Flush()
		if err == nil && t.zip != nil {
			err = t.zip.Flush()
		}
		if err != nil {
			return fmt.Errorf("flush %s: %w", t.file.Name(), err)
		}
	}
	return nil
}

// Close finishes and closes the files. It may be called twice.
func (w *DirWriter) Close() error {
	var wrong []error
	for _, topic := range event.Topics() {
		t := w.files[topic]
		if t == nil {
			continue
		}
		delete(w.files, topic)
		err := t.out.Flush()
		if t.zip != nil {
			err = errors.Join(err, t.zip.Close())
		}
		if err = errors.Join(err, t.file.Close()); err != nil {
			wrong = append(wrong, fmt.Errorf("close %s: %w", t.file.Name(), err))
		}
	}
	return errors.Join(wrong...)
}
