// Package metrics holds the supervision indicators: the catalogue of their
// definitions and their evaluation as of any instant. A figure is computed in
// ClickHouse by the named query of its definition; each has a second query that
// reads the same rows one by one, so that the cases behind a figure are always
// the ones that were counted.
//
// Counting rules (domain guide 5.1) are kept in the queries: an open case past
// its due is overdue in every period (C1), excluded and paused cases are not
// judged (C2, C3), void, test and secret ones do not exist (C4), joint cases
// count by their sub-cases (C5), an empty denominator gives null (C6). Ranking
// with too small a sample (C7) and rounding for people (C11) are here. What
// decides a day or a month is the local date (Asia/Shanghai) of the deciding
// event (C9).
package metrics
