// Package calendar counts the working days of Chinese administration: Monday
// to Friday, but for the days off and the make-up working days (调休) of the
// State Council's yearly notices (domain guide 2.4).
//
// A Calendar is one version of all notices; it never changes and is safe for
// concurrent use. Days that no notice of the version decides fall back to
// Monday to Friday and are provisional: a due date that depends on them can
// still move. Counting and adding working days cost O(1): both are lookups in
// prefix sums.
//
// Days are days of Asia/Shanghai, counted from 1970-01-01. The zone is taken as
// +08:00 throughout: it has been since 1991-09-15, and facts before 2000 are
// refused at ingest, so the summer time of 1986 to 1991 can never matter.
package calendar
