// Package evaluate lets the rules of the catalogue judge the states: those about
// subjects after each fold, those about hours, days and months when these are over,
// and days again about which facts came late. What a rule finds are chains of steps;
// package announce makes alerts of them.
//
// It is the only writer of alert_chains, alert_timers and rule_runs, and knows neither
// the lease nor the fold: it is told the version under which it writes and the
// watermark up to which states are complete. A rule that fails takes no other down:
// it is reported, and evaluated about everything when its pause is over. Which rules
// failed, how far each of those over periods has come and about which days facts came
// late stands in package checkpoint, and is written before the caller moves the
// cursors of the fold.
package evaluate
