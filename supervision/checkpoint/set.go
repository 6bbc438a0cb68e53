package checkpoint

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"duban/queries"
)

// Value is one checkpoint.
type Value interface {
	// Name is that of its row.
	Name() string
}

// Set is all checkpoints as they are stored, by name. What was never written is
// the zero value of its type.
type Set map[string]string

// Has reports whether a checkpoint of the name of v was written.
func (s Set) Has(v Value) bool { return s[v.Name()] != "" }

var selectMarks = queries.Select[struct {
	Name  string `ch:"name"`
	Value string `ch:"value"`
}]("engine/marks")

// Load reads all checkpoints.
func Load(ctx context.Context, reg *queries.Registry, conn queries.Conn) (Set, error) {
	rows, err := selectMarks.All(ctx, reg, conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	out := Set{}
	for _, m := range rows {
		out[m.Name] = m.Value
	}
	return out, nil
}

// Save writes a checkpoint. Of two writers the one with the higher version wins.
func Save(ctx context.Context, reg *queries.Registry, conn queries.Conn, v Value, version uint64, at time.Time) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	return saveText(ctx, reg, conn, v.Name(), text, version, at)
}

// encode is the text of a checkpoint's row.
func encode(v Value) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode checkpoint %s: %w", v.Name(), err)
	}
	return string(text), nil
}

func saveText(ctx context.Context, reg *queries.Registry, conn queries.Conn, name, text string, version uint64, at time.Time) error {
	return reg.Exec(ctx, conn, "engine/save_mark", queries.Args{
		"name": name, "value": text, "fold_version": version, "at": at.Truncate(time.Millisecond),
	})
}

// read fills v from its row; old reads the text of an earlier program.
func read[T Value](s Set, v T, old func(text string) error) error {
	text := s[v.Name()]
	var err error
	switch {
	case text == "":
		return nil
	case strings.HasPrefix(text, "{"):
		err = json.Unmarshal([]byte(text), v)
	default:
		err = old(text)
	}
	if err != nil {
		return fmt.Errorf("read checkpoint %s: %w", v.Name(), err)
	}
	return nil
}
