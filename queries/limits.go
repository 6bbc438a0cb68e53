package queries

import (
	"context"
	"errors"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// MaxDimensions is how many dimensions one question may be grouped by: with more, a row
// is hardly more than a case.
const MaxDimensions = 4

// Limits bound one answer.
type Limits struct{ Rows, Bytes uint64 }

// TooMuchError says that an answer would be larger than its limits. Nothing was cut off
// and handed out as the whole.
type TooMuchError struct{ Limits }

// Error says what would be smaller.
func (e *TooMuchError) Error() string {
	return fmt.Sprintf("the answer would be over %d rows or %d bytes: ask by fewer dimensions, for a shorter period or a narrower scope",
		e.Rows, e.Bytes)
}

type limitsKey struct{}

// Within has the server end statements whose answer grows beyond the limits; Run then
// gives a TooMuchError.
func Within(ctx context.Context, l Limits) context.Context {
	ctx = context.WithValue(ctx, limitsKey{}, l)
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"max_result_rows": l.Rows, "max_result_bytes": l.Bytes, "result_overflow_mode": "throw",
	}))
}

// tooManyRows is the server's code of an answer over its limits (TOO_MANY_ROWS_OR_BYTES).
const tooManyRows = 396

// overLimits names an error of the server that came of the limits of ctx.
func overLimits(ctx context.Context, err error) error {
	var said *clickhouse.Exception
	if l, ok := ctx.Value(limitsKey{}).(Limits); ok && errors.As(err, &said) && said.Code == tooManyRows {
		return &TooMuchError{l}
	}
	return err
}

// Refused reports whether err is the server's own answer to a statement, rather than
// a server that could not be asked.
func Refused(err error) bool {
	var said *clickhouse.Exception
	return errors.As(err, &said)
}
