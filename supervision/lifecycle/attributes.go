package lifecycle

// attributes finds the attributes of a subject by their keys. Most have a handful, which
// are looked through; what a source may send thousands of is indexed.
type attributes struct {
	at      map[string]int32
	indexed int // how many of the subject are in at
}

// fewAttributes is up to how many are looked through.
const fewAttributes = 32

func (x *attributes) reset() {
	if x.indexed > 0 {
		*x = attributes{}
	}
}

// merge adds attributes, the later value of a key wins.
func (x *attributes) merge(to, from []Attribute) []Attribute {
	for _, a := range from {
		if i := x.find(to, a.Key); i >= 0 {
			to[i].Value = a.Value
		} else {
			to = append(to, a)
		}
	}
	return to
}

func (x *attributes) find(in []Attribute, key string) int {
	if len(in) <= fewAttributes {
		for i := range in {
			if in[i].Key == key {
				return i
			}
		}
		return -1
	}
	if x.at == nil {
		x.at = map[string]int32{}
	}
	for ; x.indexed < len(in); x.indexed++ {
		x.at[in[x.indexed].Key] = int32(x.indexed)
	}
	if i, ok := x.at[key]; ok {
		return int(i)
	}
	return -1
}
