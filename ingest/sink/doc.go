// Package sink stores batches of facts in ClickHouse, column by column over
// the native protocol.
//
// A batch is one topic's facts, rejects and deliveries. They are inserted in
// that order, and only then may the offsets be committed: so the ledger of
// deliveries never runs ahead of the facts, and an offset never of the ledger.
// A failed insert is repeated with the same rows; the identity of a fact makes
// that harmless. Waiting for the insert is the backpressure.
package sink
