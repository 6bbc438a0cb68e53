package queries

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Migration is one statement of the schema.
type Migration struct {
	// Name begins with the four-digit number that orders it.
	Name     string
	SQL      string
	Checksum string
}

func newMigration(name, text string) Migration {
	sum := sha256.Sum256([]byte(text))
	return Migration{Name: name, SQL: text, Checksum: hex.EncodeToString(sum[:])}
}

// MigrationState is what the database says of one migration.
type MigrationState struct {
	Migration
	// Status is pending, started, done, changed (the file is not the one that
	// was run) or unknown (the database is ahead of this program).
	Status string
}

// Plan compares the migrations of this program with the database.
func Plan(ctx context.Context, conn driver.Conn, r *Registry) ([]MigrationState, error) {
	done, err := appliedMigrations(ctx, conn, r)
	if err != nil {
		return nil, err
	}
	var states []MigrationState
	for _, m := range r.migrations {
		s := MigrationState{Migration: m, Status: "pending"}
		if a, ok := done[m.Name]; ok {
			s.Status = a.status
			if a.checksum != m.Checksum {
				s.Status = "changed"
			}
			delete(done, m.Name)
		}
		states = append(states, s)
	}
	for name := range done {
		states = append(states, MigrationState{Migration: Migration{Name: name}, Status: "unknown"})
	}
	return states, nil
}

// Migrate runs what is missing, in order. Each statement is safe to repeat, so
// a run that was killed is simply run again. It refuses a database that
// another version of the program has changed.
func Migrate(ctx context.Context, conn driver.Conn, r *Registry, now func() time.Time) error {
	if err := r.Exec(ctx, conn, "engine/create_schema_migrations", nil); err != nil {
		return err
	}
	states, err := Plan(ctx, conn, r)
	if err != nil {
		return err
	}
	for _, s := range states {
		switch s.Status {
		case "changed":
			return fmt.Errorf("migration %s was run with other text: the database belongs to another version of this program", s.Name)
		case "unknown":
			return fmt.Errorf("the database has migration %s, which this program does not know: the program is older than the database", s.Name)
		}
	}
	for _, s := range states {
		if s.Status == "done" {
			continue
		}
		if err := record(ctx, conn, r, s.Migration, "started", now()); err != nil {
			return err
		}
		if err := conn.Exec(ctx, s.SQL); err != nil {
			return fmt.Errorf("run migration %s: %w", s.Name, err)
		}
		if err := record(ctx, conn, r, s.Migration, "done", now()); err != nil {
			return err
		}
	}
	return nil
}

// CheckSchema reports an error when the database is not at this program's
// schema, and says which of the two is behind.
func CheckSchema(ctx context.Context, conn driver.Conn, r *Registry) error {
	states, err := Plan(ctx, conn, r)
	if err != nil {
		return err
	}
	for _, s := range states {
		switch s.Status {
		case "done":
		case "unknown":
			return fmt.Errorf("the program is behind the database (migration %s is unknown here): update the program", s.Name)
		default:
			return fmt.Errorf("the database is behind the program (migration %s is %s): run duban migrate", s.Name, s.Status)
		}
	}
	return nil
}

var selectMigrations = Select[struct {
	Name     string `ch:"name"`
	Status   string `ch:"status"`
	Checksum string `ch:"checksum"`
}]("engine/list_schema_migrations")

type applied struct{ status, checksum string }

func appliedMigrations(ctx context.Context, conn driver.Conn, r *Registry) (map[string]applied, error) {
	done := map[string]applied{}
	exists, err := r.Run(ctx, conn, "engine/schema_migrations_exists", nil)
	if err != nil || len(exists.Rows) == 0 {
		return done, err
	}
	rows, err := selectMigrations.All(ctx, r, conn, nil)
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		done[m.Name] = applied{m.Status, m.Checksum}
	}
	return done, nil
}

func record(ctx context.Context, conn driver.Conn, r *Registry, m Migration, status string, at time.Time) error {
	ctx = clickhouse.Context(ctx)
	return r.Exec(ctx, conn, "engine/record_schema_migration", Args{
		"name": m.Name, "status": status, "checksum": m.Checksum, "at": at,
	})
}
