// Package ingest brings the facts of the source systems from Kafka into
// ClickHouse. Its promise:
//
// At least once to the table, once in every answer. The offset of a message is
// committed only after ClickHouse acknowledged what became of it, per
// partition and without holes. A message can therefore be stored twice, after
// a crash or a rebalance, and is told by its identity (source, event id,
// revision): the first arrival is kept, a redelivery changes no figure.
//
// Nothing vanishes and nothing is guessed. A message that is no valid fact is
// stored with its bytes and a typed reason. At all times and for every topic
//
//	received = stored + duplicate + rejected + pending + lost
//
// which [Status] works out from the broker, the ledger of deliveries and the
// fact tables, three places that would have to be wrong in the same way to
// hide a loss.
//
// The ledger in ClickHouse, not the group's offsets, says what was read: a
// partition starts at the lesser of the two, so a database that was emptied or
// restored reads what it lacks; what a part took along when it was lost is read
// once more ([Rebuilder]); a topic that was made anew is known by its identifier
// and gets places of its own; and what the broker no longer has is named, counted
// as lost and acknowledged by a person.
//
// Nothing grows without bound. What is fetched and what waits to be inserted
// is limited in bytes; when ClickHouse is slow or away, reading waits, and the
// broker keeps the messages.
//
// The parts: source reads and publishes, decode makes facts of bytes, sink
// stores them, deadletter brings back what was refused, intake is the door for
// sources that cannot speak Kafka. [Pipeline] joins them.
package ingest
