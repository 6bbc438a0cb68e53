package queries

import "io/fs"

// LoadFS loads a registry of other files.
func LoadFS(fsys fs.FS) (*Registry, error) { return load(fsys) }

// TypedOf is Select that Load does not check.
func TypedOf[T any](name string, unread ...string) Typed[T] {
	return Typed[T]{name: name, unread: unread}
}
