// Package discretion keeps from a reader what they may not be told: subjects that
// are secret, in whatever answer they stand, and what is personal in a text (domain
// guide 8.3). Every answer to a page goes through a Reader, so that no page can tell
// a number that it does not know to be secret.
package discretion
