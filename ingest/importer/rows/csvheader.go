package rows

import (
	"bytes"
	"fmt"
)

// init reads what stands before the rows: the delimiter, if the file names it,
// and the header.
func (c *csvSource) init() error {
	if err := c.separator(); err != nil {
		return err
	}
	names := c.given
	var row []byte
	if names == nil {
		d, p := c.read()
		if p != nil {
			return fmt.Errorf("line %d: the header row cannot be read: %s", p.Line, p.Message)
		}
		if d == nil {
			return fmt.Errorf("%w: the file is empty: it has no header row", ErrNothingRead)
		}
		if err := utf8Header(d, c.encoding); err != nil {
			return err
		}
		for i := range c.cells {
			names = append(names, string(bytes.TrimSpace(c.text(d, i))))
		}
		row = d
	}
	var err error
	if c.slots, err = c.cols.header(names); err != nil {
		return fmt.Errorf("%w%s", err, delimiterHint(row, c.delim))
	}
	return nil
}

// separator takes the line sep=; with which spreadsheets are told the delimiter:
// a file that says its delimiter is not guessed about.
func (c *csvSource) separator() error {
	d, _ := c.line()
	line := bytes.TrimRight(d, "\r\n")
	if len(line) != len("sep=,") || !bytes.EqualFold(line[:4], []byte("sep=")) {
		return nil
	}
	said := line[4]
	if c.declared && said != c.delim {
		return fmt.Errorf("the first line says that the delimiter is %s, the mapping says %s: mend one of them", delimiterWord(said),
			delimiterWord(c.delim))
	}
	c.delim = said
	c.w.advance(len(d), 1)
	return nil
}
