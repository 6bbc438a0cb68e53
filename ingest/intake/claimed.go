package intake

import (
	"errors"

	"github.com/go-faster/jx"
)

var errNoText = errors.New("source_sys is no text")

// sourcesIn reads every source_sys that a line names, of its own or inside the data of a
// CloudEvent; none when the line is no JSON object or names what is no text. The decoder
// stops at the first thing that is wrong, which may stand before the source.
func sourcesIn(line []byte) (out []string) {
	if !jx.Valid(line) {
		return nil
	}
	var object func(d *jx.Decoder, depth int) error
	object = func(d *jx.Decoder, depth int) error {
		return d.ObjBytes(func(d *jx.Decoder, key []byte) error {
			switch {
			case string(key) == "source_sys":
				if d.Next() != jx.String {
					return errNoText
				}
				source, err := d.Str()
				out = append(out, source)
				return err
			case string(key) == "data" && depth == 0 && d.Next() == jx.Object:
				return object(d, depth+1)
			}
			return d.Skip()
		})
	}
	if d := jx.DecodeBytes(line); d.Next() != jx.Object || object(d, 0) != nil {
		return nil
	}
	return out
}
