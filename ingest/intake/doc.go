// Package intake is the HTTP door for sources that cannot speak Kafka: they
// post events as lines of JSON, and get an answer when every line is durably
// in the topic.
//
// Nothing is dropped at this door. A line that is no valid fact is answered
// with its number, the typed reason and the field, and is published all the
// same, so that it ends in ingest_rejects like every other message and can be
// repaired and replayed. A source may send a request again after an error or a
// lost answer: the identity of each event makes that harmless.
package intake
