package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"duban/queries"
)

// A copy must be what migrations make, or every other test is about another product.
func TestACopyOfTheSchemaIsWhatMigrationsMake(t *testing.T) {
	reg, err := queries.Load()
	if err != nil {
		t.Fatal(err)
	}
	migrated := Empty(t)
	if err := queries.Migrate(t.Context(), migrated.Conn(), reg, time.Now); err != nil {
		t.Fatal(err)
	}
	New(t) // there is a template from here on
	copied := New(t)
	want, err := tablesOf(t.Context(), migrated)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tablesOf(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	assert.Equal(t, want, got)
	if err := queries.CheckSchema(t.Context(), copied.Conn(), reg); err != nil {
		t.Errorf("the copy: %v", err)
	}
}
