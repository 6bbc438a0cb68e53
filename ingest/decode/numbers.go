package decode

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/go-faster/jx"

	"duban/ingest/deadletter"
	"duban/ingest/event"
)

// maxValue bounds the numbers of a measurement, both ways: far beyond what is
// counted anywhere, and far from where numbers stop being finite.
const maxValue = 1e18

// numbers is the scratch of an object of numbers.
type numbers struct {
	values []event.Value
	claim  []byte
}

// values reads the object of numbers in slot i and leaves in the slot what the
// content hash takes: names in order, numbers as numbers.
func (d *Decoder) values(i int) *Reject {
	name, raw, out := d.sh.fields[i].name, d.slots[i].s, d.numbers.values[:0]
	var rej *Reject
	fail := func(reason deadletter.Reason, detail string) error {
		rej = d.reject(reason, name, detail)
		return errRefused
	}
	err := jx.DecodeBytes(raw).ObjBytes(func(jd *jx.Decoder, key []byte) error {
		if len(key) == 0 || len(key) > MaxIdentifierBytes || hasControl(key) {
			return fail(deadletter.InvalidIdentifier, "want names of 1 to 200 bytes without control characters")
		}
		if jd.Next() != jx.Number {
			return fail(deadletter.WrongType, "every value must be a JSON number")
		}
		n := strings.Clone(string(key))
		num, err := jd.Num()
		if err != nil {
			return err
		}
		f, ok := number64(num)
		if !ok {
			return fail(deadletter.InvalidNumber, "want numbers from -1e18 to 1e18")
		}
		out = append(out, event.Value{Name: n, Number: f})
		return nil
	})
	d.numbers.values = out
	if rej != nil {
		return rej
	}
	if err != nil {
		return d.reject(deadletter.MalformedJSON, name, "want an object of numbers")
	}
	if len(out) == 0 {
		return d.reject(deadletter.MissingField, name, "want at least one number")
	}
	slices.SortFunc(out, func(a, b event.Value) int { return strings.Compare(a.Name, b.Name) })
	b := d.numbers.claim[:0]
	for k, v := range out {
		if k > 0 && out[k-1].Name == v.Name {
			return d.reject(deadletter.DuplicateKey, name, "the object gives a name twice: "+pointer(v.Name))
		}
		b = binary.AppendUvarint(b, uint64(len(v.Name)))
		b = append(b, v.Name...)
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(v.Number))
	}
	d.numbers.claim, d.slots[i].s = b, b
	return nil
}

// number64 returns the number nearest to a JSON number within maxValue.
func number64(raw []byte) (float64, bool) {
	f, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
	if err != nil || math.Abs(f) > maxValue {
		return 0, false
	}
	if math.Abs(f) == maxValue { // rounded to the bound, perhaps from beyond it
		exact, ok := new(big.Rat).SetString(string(raw))
		if !ok || exact.Abs(exact).Cmp(new(big.Rat).SetFloat64(maxValue)) > 0 {
			return 0, false
		}
	}
	if f == 0 {
		f = 0 // not the negative one
	}
	return f, true
}
