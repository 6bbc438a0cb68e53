// Package upkeep looks after the disk of an instance: whether there is room, whether
// the parts of the embedded engine are whole, and what was found wrong until somebody
// has taken note of it.
package upkeep
