// Package stack puts the roles of a process together from the configuration: the
// engines below them, the packages that may not know each other, and the order in
// which all of it starts and stops. It decides nothing of the domain; the commands
// above it have flags, output and exit codes.
package stack
