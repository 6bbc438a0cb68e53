package notify

import "time"

// verdict is what a process may do with a notice.
type verdict uint8

const (
	// leave: it is done, or another process is at it.
	leave verdict = iota
	// take: nobody is at it.
	take
	// takeOver: somebody was at it and has not been heard of since; whether
	// the message left nobody knows.
	takeOver
)

// sighting is a claim of another process and since when we have seen it
// unchanged, by our own clock: clocks of two machines are never compared.
type sighting struct {
	claim
	since time.Time
}

// judge decides before a claim is entered.
func judge(owner string, claims []claim, seen map[string]sighting, now time.Time, grace time.Duration) verdict {
	v := take
	for _, c := range claims {
		switch {
		case c.state == Sent:
			return leave
		case c.state != Sending:
		case c.owner == owner:
			// Ours, and not in flight: the round ended before it was sent.
		case now.Sub(seen[c.owner].since) >= grace:
			v = takeOver
		default:
			return leave
		}
	}
	return v
}

// confirmed decides after a claim was entered: it holds unless somebody else
// has one, or has sent it, that we did not know of before. Of two processes at
// least one sees the other, as each writes before it reads.
func confirmed(owner string, claims, before []claim) bool {
	for _, c := range claims {
		if c.owner == owner {
			continue
		}
		if c.state == Sent {
			return false
		}
		if c.state == Sending && !contains(before, c) {
			return false
		}
	}
	return true
}

func contains(list []claim, c claim) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

// backOff is how long to wait after a number of attempts that failed: 30 s,
// doubling up to 30 min, plus up to a quarter, so that what failed together
// does not come back together. It depends on its arguments alone.
func backOff(attempt uint16, id string) time.Duration {
	wait := 30 * time.Second
	for i := uint16(1); i < attempt && wait < 30*time.Minute; i++ {
		wait *= 2
	}
	wait = min(wait, 30*time.Minute)
	var spread uint32
	for i := range len(id) {
		spread = spread*31 + uint32(id[i])
	}
	return wait + wait/4*time.Duration(spread%1000)/1000
}
