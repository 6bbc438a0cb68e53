// Package rows reads foreign files (CSV, NDJSON and JSON arrays, XES, Parquet,
// each also compressed with gzip or zstd) as streams of records. It knows which
// columns a mapping names, and nothing of what they mean.
//
// Promises: what a file is is found from its bytes, and what is none of these
// formats is named with what to do about it; memory does not grow with the file;
// a row that cannot be read is refused with its place and reason, and reading goes
// on behind it; no message holds the text of a cell.
package rows
