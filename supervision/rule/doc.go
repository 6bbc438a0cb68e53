// Package rule is the catalogue of supervision rules: what each one is called,
// how severe it is, who is told, how it is cleared. What it says about a subject
// is its SQL of the same name in queries/rule. A catalogue is read and checked as
// a whole; a file that is wrong in any way is an error with file, line and
// reason.
package rule
