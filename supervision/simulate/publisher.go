package simulate

import (
	"context"

	"duban/ingest/event"
)

// Publisher takes the messages. Messages of one key must arrive in the order
// in which they were published.
type Publisher interface {
	// Publish takes one message. The bytes belong to the publisher; it may
	// keep them and must not change them.
	Publish(ctx context.Context, topic event.Topic, key, value []byte) error
	// Flush returns when everything published has arrived.
	Flush(ctx context.Context) error
}

// Progress is told from time to time how far a run is.
type Progress struct {
	// Sent counts messages of every kind, Expected is about how many there will be.
	Sent, Expected int64
	// Day is the local day that the province has reached.
	Day string
}
