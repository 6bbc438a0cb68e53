// Package process computes what a source's activities say about its process:
// the directly-follows graph, variants, durations and activities. All of it is
// computed in ClickHouse, from the facts in force as of an instant.
//
// Facts of one case are ordered by their instant, equal instants by the
// sequence number that the source or the importer gave them. Durations are wall
// clock time; percentiles are exact and name their definition.
package process
