// Command rules measures what supervision costs:
//
//   - sweep: with a million open cases, how long the look takes when a day has passed
//     (steps of deadlines that were reached become alerts), and how long it takes to ask
//     all rules about all cases again, as after a change of rules;
//   - growth: CPU seconds of Duban and ClickHouse for 1,000 new events, folded and judged,
//     with histories of different sizes;
//   - latency: from the arrival of an event at the broker to the alert that it gives rise
//     to, with broker, ingest and engine at a steady rate.
//
// It writes the results with the facts of the machine to docs/bench/rules.json.
// ClickHouse, and in the last part broker and ingest, run as processes of their own.
package main
