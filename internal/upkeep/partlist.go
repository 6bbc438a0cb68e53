package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"duban/queries"
)

// partRow is what both lists of parts tell.
type partRow struct {
	Table     string `ch:"table"`
	Name      string `ch:"name"`
	Partition string `ch:"partition_id"`
	First     int64  `ch:"first_block"`
	Last      int64  `ch:"last_block"`
}

func (r partRow) part() part {
	return part{Table: r.Table, Name: r.Name, Partition: r.Partition, First: r.First, Last: r.Last}
}

var (
	selectParts = queries.Select[struct {
		partRow
		Rows uint64 `ch:"rows"`
		Path string `ch:"path"`
	}]("store/parts")
	selectDetached = queries.Select[struct {
		partRow
		Reason string `ch:"reason"`
	}]("store/detached_parts")
	selectDamage = queries.Select[struct {
		Errors uint64 `ch:"errors"`
	}]("store/damage_errors")
)

// active lists the parts in use.
func (p *Parts) active(ctx context.Context) ([]part, error) {
	rows, err := selectParts.All(ctx, p.cfg.Queries, p.cfg.Conn, nil)
	if err != nil {
		return nil, err
	}
	out := make([]part, len(rows))
	for i, r := range rows {
		out[i] = r.part()
		out[i].Rows, out[i].path = r.Rows, r.Path
	}
	return out, nil
}

// detached lists the parts that the engine found broken.
func (p *Parts) detached(ctx context.Context) ([]part, error) {
	rows, err := selectDetached.All(ctx, p.cfg.Queries, p.cfg.Conn, nil)
	if err != nil {
		return nil, err
	}
	out := make([]part, len(rows))
	for i, r := range rows {
		out[i] = r.part()
		out[i].reason = r.Reason
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
