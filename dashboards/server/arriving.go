package server

import "io"

// arriving is a body that says when all of it has come.
type arriving struct {
	io.ReadCloser
	arrived func()
}

// Read implements io.Reader.
func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err == io.EOF { //nolint:errorlint // io.Reader promises the very value
		a.arrived()
	}
	return n, err
}
