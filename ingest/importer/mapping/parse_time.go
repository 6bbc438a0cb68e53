package mapping

import "time"

// time reads how times are written; what is not given is taken from base.
func (b *builder) time(n node, base Time) Time {
	t := base
	k := n.keys("formats", "format", "zone", "ambiguous", "nonexistent", "day")
	if v, ok := k["day"]; ok {
		switch v.oneOf("start", "end", "after") {
		case "start":
			t.Day = DayStart
		case "end":
			t.Day = DayEnd
		case "after":
			t.Day = DayAfter
		}
	}
	for _, key := range []string{"formats", "format"} {
		v, ok := k[key]
		if !ok {
			continue
		}
		t.layouts = nil
		for _, e := range v.list() {
			l, err := parseLayout(e.text())
			if err != nil {
				e.fail("%v", err)
				continue
			}
			t.layouts = append(t.layouts, l)
		}
	}
	if v, ok := k["zone"]; ok {
		name := v.text()
		loc, err := time.LoadLocation(name)
		if err != nil || name == "" || name == "Local" {
			v.fail("%q is not a time zone; write an IANA name such as Asia/Shanghai, Europe/Amsterdam or UTC", name)
		} else {
			t.Zone = loc
		}
	}
	if v, ok := k["ambiguous"]; ok {
		switch v.oneOf("refuse", "earlier", "later") {
		case "earlier":
			t.Ambiguous = AmbiguousEarlier
		case "later":
			t.Ambiguous = AmbiguousLater
		default:
			t.Ambiguous = AmbiguousRefuse
		}
	}
	if v, ok := k["nonexistent"]; ok {
		switch v.oneOf("refuse", "offset_before", "offset_after") {
		case "offset_before":
			t.Nonexistent = NonexistentBefore
		case "offset_after":
			t.Nonexistent = NonexistentAfter
		default:
			t.Nonexistent = NonexistentRefuse
		}
	}
	return t
}
