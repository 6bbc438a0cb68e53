// Package announce keeps the alerts equal to the chains as far as their steps were
// reached: it scans the chains that changed, or of which a step was reached, since
// the last time, and appends what is new, higher, over or taken back to the history
// of the alerts.
//
// What an alert does next is decided by package alert. Beside what people do to
// alerts (package casework) this is the only writer of alert_events and alerts.
package announce
