// Package casework is the work of people on alerts and on what follows from
// them: it answers their actions, and opens the orders and proposes the
// referrals that the alerts call for by themselves.
//
// The machines of package workflow say what may be done in which state; here
// the items are read, the machines applied and what they decide is written. It
// is the only writer of action_results, work_events and work_items, and adds to
// the history of alerts what people did to them.
package casework
