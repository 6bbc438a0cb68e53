package metrics

import (
	"context"
	"sync"
	"time"

	"duban/queries"
)

// moved is a movement that the ledger lacks, or has too much (N < 0).
type moved struct {
	Measure      string    `ch:"measure"`
	At           time.Time `ch:"at"`
	LateMS       int64     `ch:"late_ms"`
	BehindMS     int64     `ch:"behind_ms"`
	Facets       uint16    `ch:"facets"`
	Value        int32     `ch:"value"`
	N            int64     `ch:"n"`
	Source       string    `ch:"source_sys"`
	Region       string    `ch:"region_code"`
	Org          string    `ch:"org_code"`
	Task         string    `ch:"task_code"`
	ItemType     string    `ch:"item_type"`
	ProjectType  string    `ch:"project_type"`
	Channel      string    `ch:"channel"`
	Window       string    `ch:"window_id"`
	Kind         string    `ch:"kind"`
	CalledNumber string    `ch:"called_number"`
}

var selectMoved = map[Subject]queries.Typed[moved]{
	Case:   queries.Select[moved]("figures/since_cases"),
	Ticket: queries.Select[moved]("figures/since_tickets"),
}

// behind is what a ledger lacks of one state of it, asked for once.
type behind struct {
	mu   sync.Mutex
	rows map[Subject][]moved
}

// bring returns a context whose question of now brings along what the ledger lacks of some
// kinds of subjects.
func (s standing) bring(ctx context.Context, reg *queries.Registry, conn queries.Conn, kinds ...Subject) (context.Context, error) {
	s.behind.mu.Lock()
	defer s.behind.mu.Unlock()
	var all []moved
	for _, k := range kinds {
		rows, asked := s.behind.rows[k]
		if !asked {
			var err error
			if rows, err = selectMoved[k].All(ctx, reg, conn, queries.Args{"since": s.Through, "passed": s.Round}); err != nil {
				return nil, err
			}
			s.behind.rows[k] = rows
		}
		all = append(all, rows...)
	}
	return queries.WithTable(ctx, behindTable(all))
}

// BehindTable is the table that questions of now bring along, without rows.
func BehindTable() queries.Table { return behindTable(nil) }

func behindTable(rows []moved) queries.Table {
	t := queries.Table{Name: "movements_behind", Columns: []queries.Column{
		{Name: "measure", Type: text}, {Name: "at", Type: "DateTime64(4, 'UTC')"},
		{Name: "late_ms", Type: "Int64"}, {Name: "behind_ms", Type: "Int64"}, {Name: "facets", Type: "UInt16"}, {Name: "value", Type: "Int32"},
		{Name: "n", Type: "Int64"},
	}}
	for _, name := range []string{"source_sys", "region_code", "org_code", "task_code", "item_type", "project_type", "channel", "window_id",
		"kind", "called_number"} {
		t.Columns = append(t.Columns, queries.Column{Name: name, Type: text})
	}
	if len(rows) == 0 {
		rows = []moved{{At: time.Unix(0, 0)}} // a table without a row ends what is sent; this one counts in nothing
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, []any{r.Measure, r.At, r.LateMS, r.BehindMS, r.Facets, r.Value, r.N, r.Source, r.Region, r.Org, r.Task,
			r.ItemType, r.ProjectType, r.Channel, r.Window, r.Kind, r.CalledNumber})
	}
	return t
}

const text = "LowCardinality(String)"
