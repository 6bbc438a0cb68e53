// Command fold measures the way from facts to states: cases of five facts that
// lie in ClickHouse are folded round by round as they arrived, and then once
// more all together. It writes the result with the facts of the machine to
// docs/bench/fold.json.
//
// ClickHouse runs as a process of its own, so that its CPU time can be told
// from that of Duban; the memory is that of Duban alone.
package main
