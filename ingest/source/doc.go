// Package source is the product's only way to Kafka: it publishes messages,
// creates and inspects topics, and reads topics as a consumer group. It is the
// only package that imports segmentio/kafka-go.
//
// Publishing keeps the order of each partition and returns only what the
// broker acknowledged. Reading hands out whole record batches without copying
// a message, and commits an offset only when the caller says that everything
// below it is stored.
package source
