// Package lifecycle turns the facts about one subject into its state: the
// states, clocks and steps of a case (domain guide 2), of a hotline ticket (3)
// and the validity of the ratings of a subject (4). It is pure: no database, no
// clock, no configuration file; the same facts, catalogue, calendar and policy
// always give the same state.
//
// Facts may come in any order, twice, in several revisions and with conflicting
// rewrites; the result depends only on the set of facts. What a state says is
// its history: element i of History holds from its instant until the next one,
// so the state as of any instant T is one lookup (AsOf), and it equals what the
// fold of the facts with OccurredAt <= T says at T.
//
// All instants are Unix milliseconds in UTC and zero means "none"; local days
// are days of Asia/Shanghai, the zone of law.
package lifecycle
