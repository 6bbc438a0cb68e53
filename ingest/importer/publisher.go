package importer

import (
	"context"
	"time"

	"duban/ingest/event"
	"duban/ingest/importer/rows"
)

// Publisher takes messages. Publish may wait (that is the backpressure) and
// must not keep key or value after it returns; an error ends the load. Flush
// returns when everything published is durable.
type Publisher interface {
	Publish(ctx context.Context, topic event.Topic, key, value []byte) error
	Flush(ctx context.Context) error
}

// Options are the optional parts of a load.
type Options struct {
	// Source is the source system of the facts. "" means the mapping's source,
	// and where that is not given the file's name up to its first dot.
	Source string
	// TokenKey is the HMAC key for values with token: true.
	TokenKey []byte
	// Progress is called now and then, and once at the end of each file.
	Progress func(Progress)
	// OnProblem is called for every refused row and every notice, also when
	// there are more than the summary lists.
	OnProblem func(rows.Problem)
	// OnMessage is called for every message that is published or, in a check,
	// would be; it must not keep the value.
	OnMessage func(value []byte)
	// OwnLimits reports whether a source may give its subjects limits of their own; nil
	// asks nothing.
	OwnLimits func(source string) bool
	// MaxProblems is how many problems the summary lists; 0 means 100.
	MaxProblems int
	// Now is the clock, time.Now when nil: it measures the rate, and times
	// ahead of it by more than five minutes are refused.
	Now func() time.Time
}

// Progress tells how far a load is.
type Progress struct {
	// File is the path being read, number Index (from 0) of Files.
	File         string
	Index, Files int
	// BytesRead of BytesTotal, over all files, as they lie on disk.
	BytesRead, BytesTotal int64
	Records               int64
	Events                int64
	Refused               int64
	Elapsed               time.Duration
	// Rate is events per second since the start.
	Rate float64
}
