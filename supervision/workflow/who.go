package workflow

import "slices"

// Who says for every action of a kind which roles may do it in some state,
// without the system. It is the one place from which permissions are derived;
// nil for a kind without a machine.
func Who(kind Kind) map[string][]Role {
	m := New(kind, Env{})
	if m == nil {
		return nil
	}
	out := map[string][]Role{}
	for i := range m.table {
		t := &m.table[i]
		for _, r := range t.who {
			if r != System && !slices.Contains(out[t.action], r) {
				out[t.action] = append(out[t.action], r)
			}
		}
	}
	return out
}

// States lists the states that an item of a kind can be in, sorted; Absent is
// none of them.
func States(kind Kind) []State {
	m := New(kind, Env{})
	if m == nil {
		return nil
	}
	out := slices.Clone(m.closed)
	for i := range m.table {
		out = append(out, m.table[i].from...)
		out = append(out, m.table[i].to)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(s State) bool { return s == Absent })
}

// Ended reports whether a state of a kind ends the history unless somebody
// reopens it.
func Ended(kind Kind, s State) bool {
	m := New(kind, Env{})
	return m != nil && m.Closed(s)
}
