package storetest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"duban/internal/store"
)

// schema is what the migrations of this program make of an empty database.
var schema template

// template is the text of a migrated database. It is text and no database, since a
// test process has no end at which it could drop one from a server of somebody else.
type template struct {
	mu sync.Mutex
	// waves are statements that need only what the waves before them made: tables,
	// then views, then views that write.
	waves [3][]string
	// rows fills the only table that migrations leave rows in: the list of them.
	rows string
}

// owner stands in the statements where the name of the database does.
const owner = "{database}"

// atOnce is how many tables are made at the same time: half of making one is waiting.
const atOnce = 4

// learn reads the template off a database that was just migrated.
func (s *template) learn(t testing.TB, db *store.DB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows != "" {
		return
	}
	tables, err := tablesOf(t.Context(), db)
	if err != nil {
		t.Fatalf("read the schema: %v", err)
	}
	var waves [3][]string
	for _, table := range tables {
		if table.rows > 0 && table.name != "schema_migrations" {
			t.Fatalf("migrations leave rows in %s, which copies of the schema would not have", table.name)
		}
		wave := map[string]int{"View": 1, "MaterializedView": 2}[table.engine]
		waves[wave] = append(waves[wave], table.create)
	}
	var values string
	const list = "SELECT arrayStringConcat(groupArray(formatRowNoNewline('Values', name, status, checksum, at)), ',') FROM schema_migrations"
	if err := db.Conn().QueryRow(t.Context(), list).Scan(&values); err != nil {
		t.Fatalf("read the list of migrations: %v", err)
	}
	s.waves, s.rows = waves, "INSERT INTO schema_migrations (name, status, checksum, at) VALUES "+values
}

// copied makes the schema in an empty database and reports whether it could.
func (s *template) copied(t testing.TB, db *store.DB) bool {
	t.Helper()
	s.mu.Lock()
	waves, rows := s.waves, s.rows
	s.mu.Unlock()
	if rows == "" {
		return false
	}
	for _, wave := range waves {
		g, ctx := errgroup.WithContext(t.Context())
		g.SetLimit(atOnce)
		for _, create := range wave {
			g.Go(func() error { return db.Conn().Exec(ctx, strings.ReplaceAll(create, owner, db.Name())) })
		}
		if err := g.Wait(); err != nil {
			t.Fatalf("copy the schema: %v", err)
		}
	}
	if err := db.Conn().Exec(t.Context(), rows); err != nil {
		t.Fatalf("copy the list of migrations: %v", err)
	}
	return true
}

// tableText is a table or view and the statement that makes it.
type tableText struct {
	name, engine, create string
	rows                 uint64
}

func tablesOf(ctx context.Context, db *store.DB) ([]tableText, error) {
	rows, err := db.Conn().Query(ctx, "SELECT name, engine, create_table_query, ifNull(total_rows, 0) FROM system.tables "+
		"WHERE database = currentDatabase() ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []tableText
	for rows.Next() {
		var t tableText
		if err := rows.Scan(&t.name, &t.engine, &t.create, &t.rows); err != nil {
			return nil, err
		}
		t.create = strings.ReplaceAll(t.create, db.Name(), owner)
		all = append(all, t)
	}
	return all, rows.Err()
}
