// Package alert says what becomes of an alert when the steps that its rule gives
// are reached, change or vanish: the system's part of its history. It is pure.
// People's part is in package workflow.
package alert
