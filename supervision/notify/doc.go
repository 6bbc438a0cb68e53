// Package notify tells people of alerts and work items: who is told
// (Directory, the rungs N1…N4 and roles of domain guide 6.1), by which channel
// and when (Plan), and what was sent (the ledger, table notices).
//
// An event becomes notices: one per person and channel for all events that were
// recorded in the same window, one per event for red cards, which do not wait.
// A notice has a deterministic id, so that planning twice, on two machines or
// after a crash gives the same notices. Quiet hours hold notices back until
// they end, red cards excepted. What is due for one person and channel leaves
// as one message, whatever number of notices it carries: a bad morning is one
// message.
//
// Sending is at-most-once while processes live, and at-least-once over crashes:
// a process writes that it sends a notice, reads what others wrote, and gives
// way when somebody else did; it records the result after the channel has
// answered. When a process died between the two, nobody can know whether the
// message left: it is sent once more and says that it may be a repeat.
//
// Nobody to tell is an outcome of its own (no_recipient), never silence.
// Addresses are neither stored in the ledger nor logged.
package notify
