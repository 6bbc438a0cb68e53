// Package plan writes the scripts of the simulated province: the lives of
// cases and tickets with their ratings, what officials do about orders,
// exposures and bad ratings, the calls of the hotline and the targets of
// organisations.
//
// A Subject is one life, a list of Facts in the order of their time, planned to
// its end before its first message is sent. Every plan depends on the seed and
// the number of the life alone. Plans are lawful; package inject makes those
// that break a rule, and is called through Injector. Where a planner has to
// know a due, so as to keep away from what neither law nor contract decides, it
// asks an Oracle.
package plan
