package access

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Sign-ins that one network may try: a morning of a whole office at once, then one a
// second. Checking a password costs time and memory that all share.
const (
	attemptsAtOnce   = 60
	attemptsASecond  = 1
	networksRemember = 4096
)

// attempts bounds the sign-ins of each network. It is safe for concurrent use.
type attempts struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]*rate.Limiter
}

func newAttempts(now func() time.Time) *attempts {
	return &attempts{now: now, of: map[string]*rate.Limiter{}}
}

// allow reports whether a network may try once more.
func (a *attempts) allow(network string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	l, ok := a.of[network]
	if !ok {
		if len(a.of) >= networksRemember {
			a.forget(now)
		}
		l = rate.NewLimiter(attemptsASecond, attemptsAtOnce)
		a.of[network] = l
	}
	return l.AllowN(now, 1)
}

// forget drops the networks that have been quiet, and all when none has.
func (a *attempts) forget(now time.Time) {
	for network, l := range a.of {
		if l.TokensAt(now) >= attemptsAtOnce {
			delete(a.of, network)
		}
	}
	if len(a.of) >= networksRemember {
		clear(a.of)
	}
}
