// Package mapping reads mapping files: the YAML that says which column of a
// foreign file is what, so that its rows can be published as facts. It knows
// nothing of the files themselves; package importer applies a mapping to them.
//
// Every mistake in a mapping is reported with its line and column, all of them
// at once, and with the words that would have been right. The reference for
// people who write mappings is docs/mapping.md.
package mapping
