package access

import (
	"slices"
	"time"
)

// freeAttempts is how many wrong passwords cost nothing but themselves.
const freeAttempts = 5

// The wait after one wrong password too many, doubled with each further one.
const (
	firstWait = 30 * time.Second
	longWait  = 30 * time.Minute
)

// A name is known to many, so that wrong passwords must not lock its user out: they count
// where they come from. strangersFree from all places that are not known together lock
// these, or many networks could guess side by side; in between this many are one.
const (
	strangersFree = 50
	strangersStep = 10
)

// How many places are remembered of each user, and how long one that is quiet.
const (
	placesRemember = 64
	knownRemember  = 16
	placeQuiet     = 24 * time.Hour
)

// waitAfter is how long sign-in is locked after so many wrong passwords in a
// row: nothing up to the fourth, 30 s after the fifth, then twice as long with
// each, at most half an hour.
func waitAfter(failures int) time.Duration {
	if failures < freeAttempts {
		return 0
	}
	wait := firstWait
	for range failures - freeAttempts {
		if wait *= 2; wait >= longWait {
			return longWait
		}
	}
	return wait
}

// Tries are the wrong passwords that came from one place since the last right one.
type Tries struct {
	Failures int       `json:"failures"`
	Until    time.Time `json:"until,omitzero"` // locked
	Last     time.Time `json:"last"`
}

// LockedAt is until when sign-in from a place is locked; the zero time when it is not.
func (u User) LockedAt(o Origin) time.Time {
	until := u.Tries[o.place()].Until
	if !u.knows(o) && u.LockedUntil.After(until) {
		return u.LockedUntil
	}
	return until
}

// knows reports whether the user has signed in from the place before.
func (u User) knows(o Origin) bool { return o.Device != "" || slices.Contains(u.Known, o.Network) }

// failed counts a wrong password from a place.
func (u *User) failed(o Origin, now time.Time) {
	if u.Tries == nil {
		u.Tries = map[string]Tries{}
	}
	t := u.Tries[o.place()]
	t.Failures, t.Last = t.Failures+1, now.UTC().Truncate(time.Second)
	if wait := waitAfter(t.Failures); wait > 0 {
		t.Until = t.Last.Add(wait)
	}
	u.Tries[o.place()] = t
	if !u.knows(o) {
		u.Failures++
		if n := u.Failures - strangersFree; n >= 0 {
			u.LockedUntil = t.Last.Add(waitAfter(freeAttempts + n/strangersStep))
		}
	}
	u.forgetPlaces(now)
}

// forgetPlaces drops places that have been quiet, and the quietest when there are too many.
func (u *User) forgetPlaces(now time.Time) {
	quietest, since := "", now.Add(time.Hour)
	for place, t := range u.Tries {
		if now.Sub(t.Last) > placeQuiet {
			delete(u.Tries, place)
		} else if t.Last.Before(since) {
			quietest, since = place, t.Last
		}
	}
	if len(u.Tries) > placesRemember {
		delete(u.Tries, quietest)
	}
}

// entered notes a right password from a place: it forgets the wrong ones of the place and,
// if the user was known there, leaves those of strangers to count on.
func (u *User) entered(o Origin) {
	if !u.knows(o) {
		u.Failures, u.LockedUntil = 0, time.Time{}
	}
	delete(u.Tries, o.place())
	if o.Network != "" && !slices.Contains(u.Known, o.Network) {
		u.Known = append(u.Known, o.Network)
		u.Known = u.Known[max(0, len(u.Known)-knownRemember):]
	}
}

// unlock lifts every lock.
func (u *User) unlock() { u.Failures, u.LockedUntil, u.Tries = 0, time.Time{}, nil }
