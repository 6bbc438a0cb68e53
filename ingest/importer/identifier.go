package importer

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"

	"duban/ingest/importer/rows"
	"duban/internal/blank"
)

// identifierFault says why b cannot be a code or number, "" when it can.
func identifierFault(b []byte) string {
	switch {
	case blank.Bytes(b):
		return "must have a value"
	case len(b) > maxIdentifierBytes:
		return fmt.Sprintf("has %d bytes; a code or number has at most %d", len(b), maxIdentifierBytes)
	case shortened(b):
		return "is a number that a spreadsheet or a program has shortened, so that different numbers may look alike; write the column as text " +
			"where the file is made"
	}
	for i, c := range b {
		switch {
		case c == '\n' || c == '\r':
			return fmt.Sprintf("holds a line break (at byte %d); mend the cell", i+1)
		case c == '\t':
			return fmt.Sprintf("holds a tab (at byte %d); mend the cell", i+1)
		case c < 0x20 || c == 0x7f:
			return fmt.Sprintf("holds the control character U+%04X (at byte %d); mend the cell", c, i+1)
		}
	}
	return ""
}

// shortened reports whether b is a number of which digits are lost: written with
// an exponent (6.10802E+17), or a whole number with a fraction of nothing that a
// 64-bit floating-point number cannot tell from its neighbours.
func shortened(b []byte) bool {
	digits, exponent := 0, -1
	point := -1
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			if exponent < 0 && point < 0 {
				digits++
			}
		case (c == '.' || c == ',') && point < 0 && exponent < 0 && i > 0:
			point = i
		case (c == 'e' || c == 'E') && exponent < 0 && digits == 1 && i > 0:
			exponent = i
		case (c == '+' || c == '-') && i == exponent+1 && exponent > 0:
		default:
			return false
		}
	}
	if exponent > 0 {
		power, err := strconv.Atoi(string(bytes.TrimPrefix(b[exponent+1:], []byte("+"))))
		// Spreadsheets shorten numbers of twelve digits and more.
		return err == nil && power >= 11 && power < 100
	}
	if point < 0 || len(bytes.Trim(b[point+1:], "0")) > 0 || point == len(b)-1 {
		return false
	}
	n, err := strconv.ParseUint(string(b[:point]), 10, 64)
	return err != nil || n >= 1<<53
}

// undecodable is the refusal of a cell that is no text.
func (s *scratch) undecodable(label string, b []byte) *rows.Problem {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError || n > 1 {
			i += n
			continue
		}
		if s.encoding != "" && b[i] == rows.LostByte && i+2 < len(b) {
			return rows.NewProblem(rows.ReasonInvalidUTF8, label, nil,
				"the byte 0x%s cannot be read as %s; mend the cell, or set another input.encoding",
				b[i+1:i+3], s.encoding)
		}
		return rows.NewProblem(rows.ReasonInvalidUTF8, label, nil,
			"the byte 0x%02X (at byte %d of the cell) is not UTF-8; set input.encoding", b[i], i+1)
	}
	return rows.NewProblem(rows.ReasonInvalidUTF8, label, nil, "the cell is not UTF-8; set input.encoding")
}
