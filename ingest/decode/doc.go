// Package decode turns the bytes of one message into one fact, or into a typed
// refusal. It guesses nothing: an unknown field, a time without a zone or a
// number out of range is refused with its reason, never bent into shape.
//
// The fast path reads with go-faster/jx, table-driven and without copying:
// the strings of a decoded fact point into the message and into the decoder,
// and are good until the next call. What it accepts is exactly what the
// published JSON Schemas in schema/ accept, apart from the checks that a
// schema cannot express:
//
//   - size and length in bytes, text that is no Unicode, duplicate keys, nesting;
//   - instants before 2000 or more than five minutes after the arrival;
//   - dates outside 1900 to 2299, an end of validity not after its start,
//     a rating before its service;
//   - integers beyond the width of their column.
//
// Personal data in payloads is replaced by keyed tokens before anything else
// sees it. The payload is kept in canonical form (keys sorted, no white
// space), so that the content hash does not depend on how a sender formats.
package decode
