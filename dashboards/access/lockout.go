package access

import "time"

// freeAttempts is how many wrong passwords cost nothing but themselves.
const freeAttempts = 5

// The wait after one wrong password too many, doubled with each further one.
const (
	firstWait = 30 * time.Second
	longWait  = 30 * time.Minute
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
