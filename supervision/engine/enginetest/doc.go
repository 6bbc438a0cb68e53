// Package enginetest puts facts into a test database the way ingest does
// (fact rows first, then the ledger of deliveries) and folds them, without a
// broker.
package enginetest
