package rows

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// LostByte marks, in text that was translated to UTF-8, a byte that the encoding
// of the file does not know; its two hexadecimal digits follow. It is never
// valid UTF-8, so no cell that holds it can pass for text.
const LostByte = 0xff

// decoding translates to UTF-8 and marks what cannot be translated, where the
// decoders of the library put U+FFFD in silence.
type decoding struct{ inner transform.Transformer }

func decoded(r io.Reader, e encoding.Encoding) io.Reader {
	if name, _ := htmlindex.Name(e); name == "iso-2022-jp" {
		return transform.NewReader(r, e.NewDecoder()) // has states and cannot be begun anew in the middle
	}
	return transform.NewReader(r, &decoding{e.NewDecoder()})
}

func (d *decoding) Reset() { d.inner.Reset() }

var replacement = []byte("\uFFFD")

// Transform translates as much as it can. Where the library would replace, it
// goes on character by character.
func (d *decoding) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	nDst, nSrc, err = d.inner.Transform(dst, src, atEOF)
	at := bytes.Index(dst[:nDst], replacement)
	if at < 0 {
		return nDst, nSrc, err
	}
	d.inner.Reset()
	nDst, nSrc = 0, 0
	for nSrc < len(src) {
		var one [utf8.UTFMax]byte
		n, used, err := d.one(one[:], src[nSrc:], atEOF)
		if err != nil {
			return nDst, nSrc, err
		}
		text := one[:n]
		if bytes.Equal(text, replacement) {
			text = []byte{LostByte, hexUpper[src[nSrc]>>4], hexUpper[src[nSrc]&15]}
		}
		if nDst+len(text) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += copy(dst[nDst:], text)
		nSrc += used
	}
	return nDst, nSrc, nil
}

const hexUpper = "0123456789ABCDEF"

// one translates one character: a decoder that is given no more room than that
// can do no more.
func (d *decoding) one(dst, src []byte, atEOF bool) (n, used int, err error) {
	for room := 1; room <= len(dst); room++ {
		n, used, err = d.inner.Transform(dst[:room], src, atEOF)
		if used > 0 {
			return n, used, nil
		}
		if !errors.Is(err, transform.ErrShortDst) {
			break
		}
	}
	if err == nil {
		err = transform.ErrShortSrc
	}
	return n, used, err
}
