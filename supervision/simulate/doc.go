// Package simulate makes a province to measure: organisations on all five
// levels of government with real division names, a catalogue of service items,
// cases, hotline tickets and satisfaction ratings, sent as the messages that
// source systems send, together with a ledger of what the right figures are.
//
// The ledger is an oracle. The life of every case is planned first, its
// messages are written from the plan, and the ledger is derived from the plan.
// Each of these is a package of its own, and this one runs them:
//
//	world   divisions, organisations, items, calendar
//	plan    the lives of cases and tickets, ratings, actions of officials
//	inject  the lives that break a rule on purpose
//	encode  messages on the wire
//	truth   the states, figures and alerts that have to come out of it
//
// plan knows world, and inject knows both; encode and truth know world and plan.
// None of them shares code with supervision/calendar, supervision/lifecycle, the
// rules or any query, so that an agreement between the two says something.
//
// Everything is invented but the names and codes of divisions, the calendar and
// the titles of services: no person, number, limit or share is real.
//
// The same configuration gives the same bytes in the same order. Memory is
// bounded by Config.OpenSubjects and does not grow with Config.Events.
//
// Instants are Unix milliseconds in UTC, days are days of Asia/Shanghai
// (UTC+8, no daylight saving since 1991) counted from 1970-01-01.
package simulate
