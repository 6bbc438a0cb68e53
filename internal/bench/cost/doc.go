// Command cost measures what the product costs when nothing happens, after the first load
// of a year, while events keep coming, and how soon the demo is at rest. It starts the
// program that a user starts and counts the CPU time of its whole process tree (/proc).
//
// Idle means that the tree used less than a twentieth of a core for ten seconds. What is
// counted after the first load begins when all that was published is folded into states
// (duban status --wait) and ends with the first idle second.
package main
