// Package scalar reads the single values of messages: instants, local days and
// integers, from the bytes as they came and without copying them. What a field
// may hold besides is the business of package decode.
package scalar
