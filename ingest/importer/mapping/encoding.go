package mapping

import (
	"fmt"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// CheckEncoding reports whether name is a text encoding that can be read.
func CheckEncoding(name string) error {
	_, err := Encoding(name)
	return err
}

// Encoding returns the encoding called name; nil means UTF-8, which needs no
// translation.
func Encoding(name string) (encoding.Encoding, error) {
	switch name {
	case "", "utf-8", "utf8":
		return nil, nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, fmt.Errorf("the encoding %q is not known; write utf-8, gb18030, gbk, big5, iso-8859-1, windows-1252, utf-16le …", name)
	}
	return e, nil
}
