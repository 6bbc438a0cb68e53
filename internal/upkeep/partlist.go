package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// active lists the parts in use.
func (p *Parts) active(ctx context.Context) ([]part, error) { return p.list(ctx, "store/parts") }

// detached lists the parts that the engine found broken.
func (p *Parts) detached(ctx context.Context) ([]part, error) {
	return p.list(ctx, "store/detached_parts")
}

func (p *Parts) list(ctx context.Context, query string) ([]part, error) {
	res, err := p.cfg.Queries.Run(ctx, p.cfg.Conn, query, nil)
	if err != nil {
		return nil, err
	}
	out := make([]part, 0, len(res.Rows))
	for _, m := range res.Maps() {
		x := part{
			Table: m["table"].(string), Name: m["name"].(string), Partition: m["partition_id"].(string),
			First: m["first_block"].(int64), Last: m["last_block"].(int64),
		}
		x.Rows, _ = m["rows"].(uint64)
		x.path, _ = m["path"].(string)
		x.reason, _ = m["reason"].(string)
		out = append(out, x)
	}
	return out, nil
}

// readParts reads the parts that were remembered; none before the first start.
func readParts(path string) ([]part, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read known parts: %w", err)
	}
	var out []part
	if json.Unmarshal(b, &out) != nil {
		return nil, nil //nolint:nilerr // damaged, as after a crash of the machine: nothing can be compared
	}
	return out, nil
}
