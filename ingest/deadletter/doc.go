// Package deadletter names why a message could not become a fact, and brings
// such messages back: it lists what ingest_rejects holds, repairs and
// publishes it again, and records rewrites that contradict a stored fact.
package deadletter
