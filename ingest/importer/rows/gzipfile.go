package rows

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// gzipFile reads the members of a gzip file one after the other. Zero bytes
// behind the last one, with which tapes and some tools fill up a block, are
// passed over; anything else there is an error.
type gzipFile struct {
	br *bufio.Reader
	z  *gzip.Reader
}

func newGzip(br *bufio.Reader) (*gzipFile, error) {
	z, err := gzip.NewReader(br)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	z.Multistream(false)
	return &gzipFile{br, z}, nil
}

func (g *gzipFile) Read(b []byte) (int, error) {
	for {
		n, err := g.z.Read(b)
		if n > 0 || err == nil {
			return n, nil // the next call finds out what follows, or says what is wrong
		}
		if !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("gzip: the file is damaged or cut off: %w", err)
		}
		if err := g.member(); err != nil {
			return 0, err
		}
	}
}

// member goes on to the next member; io.EOF when there is none.
func (g *gzipFile) member() error {
	c, err := g.br.ReadByte()
	if err != nil {
		return err
	}
	if c == 0 {
		for c == 0 {
			if c, err = g.br.ReadByte(); err != nil {
				return err // io.EOF: nothing but zeros
			}
		}
		return errors.New("gzip: something stands behind the compressed data and the zeros that follow it; the file is damaged")
	}
	if err := g.br.UnreadByte(); err != nil {
		return err
	}
	if err := g.z.Reset(g.br); err != nil {
		return fmt.Errorf("gzip: something stands behind the compressed data: %w", err)
	}
	g.z.Multistream(false)
	return nil
}
