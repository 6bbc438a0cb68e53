// Package queries holds every SQL text of the project: the migrations, and
// the named queries that feed pages, tables, files and the command line. A
// query is one file with a header that states what it answers; the loader
// refuses a file whose header and text disagree, so that a page can trust the
// columns it reads.
package queries
