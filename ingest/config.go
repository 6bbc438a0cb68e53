package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"duban/queries"
	"github.com/prometheus/client_golang/prometheus"

	"duban/ingest/decode"
	"duban/ingest/event"
	"duban/ingest/sink"
	"duban/ingest/source"
)

// Config bounds the pipeline.
type Config struct {
	// Group is the consumer group; processes of one group share the partitions.
	Group string
	// Topics to read; empty means all.
	Topics []event.Topic
	// Partitions of a topic that has to be created.
	Partitions int
	// A batch is written when it has BatchRows messages, BatchBytes bytes, or
	// is BatchAge old; batches of actions of people are at most 50 ms old.
	BatchRows  int
	BatchBytes int
	BatchAge   time.Duration
	// FetchBytes and BufferBytes bound what is fetched, see
	// source.ConsumerConfig.
	FetchBytes  int
	BufferBytes int
	// SessionTimeout is that of the consumer group.
	SessionTimeout time.Duration
	// WatchEvery is how often the topics are looked at, see source.ConsumerConfig.
	WatchEvery time.Duration
	// MaxMessageBytes is the largest message that can be a fact.
	MaxMessageBytes int
	// TokenKey is the key of personal-data tokens.
	TokenKey []byte
	// ActionKey is the key that the product signs actions with; nil takes them unsigned.
	ActionKey []byte
	// ProducerTimes takes the producers' word for when a message arrived. Without it
	// topics that take it, and messages that were written with it, are not read.
	ProducerTimes bool
}

// DefaultConfig returns the limits of a one-machine instance; the token key
// has to be added.
func DefaultConfig() Config {
	return Config{
		Group: "duban-ingest", Topics: event.Topics(), Partitions: source.DefaultPartitions,
		BatchRows: 200_000, BatchBytes: 96 << 20, BatchAge: time.Second,
		FetchBytes: 1 << 20, BufferBytes: 32 << 20, SessionTimeout: 30 * time.Second,
		MaxMessageBytes: decode.DefaultMaxBytes,
	}
}

// Validate returns every problem of the configuration, joined.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, key, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("ingest.%s: %s", key, want))
		}
	}
	check(c.Group != "", "group", "must not be empty")
	check(len(c.Topics) > 0, "topics", "must name at least one topic")
	for _, t := range c.Topics {
		check(t.Known(), "topics", fmt.Sprintf("%q is no topic of the product", t))
	}
	check(c.BatchRows > 0, "batch_rows", "must be positive")
	check(c.BatchBytes >= 1<<20, "batch_bytes", "must be at least 1 MiB")
	check(c.BatchAge > 0 && c.BatchAge <= time.Minute, "batch_age", "must be over 0 and at most 1m")
	check(c.MaxMessageBytes > 0, "max_message_bytes", "must be positive")
	check(len(c.TokenKey) >= decode.MinTokenKeyBytes, "token_key", decode.ErrTokenKey.Error())
	return errors.Join(errs...)
}

// Store is what ingest needs of ClickHouse; store.DB is one.
type Store interface {
	sink.Dialer
	Conn() queries.Conn
}

// Deps are the collaborators of a pipeline; all are required.
type Deps struct {
	Kafka   *source.Client
	Store   Store
	Queries *queries.Registry
	Log     *slog.Logger
	Metrics prometheus.Registerer
	// Room waits until there is room to store something; nil when there always is.
	Room func(ctx context.Context) error
	// Stored is called after each batch of a topic that was written, by many goroutines;
	// it must not wait. Nil: nobody is told.
	Stored func(topic event.Topic)
	// Now is the clock of stored_at and of freshness.
	Now func() time.Time
}
