package announce

import (
	"log/slog"
	"time"

	"duban/queries"
	"duban/supervision/calendar"
	"duban/supervision/rule"
	"duban/supervision/statestore"
)

// Deps are what an announcer works with and by; Rules may be nil, all others are
// required.
type Deps struct {
	Queries *queries.Registry
	Conn    func() queries.Conn
	Pool    *statestore.Pool
	Log     *slog.Logger
	Now     func() time.Time
	// Calendar is the one in force.
	Calendar func() *calendar.Calendar
	Rules    *rule.Catalogue
	// Appealable says whether an appeal is possible against the cards of a rule.
	Appealable func(rule string, version uint16) bool
	// ChainsAtOnce bounds the chains that the server looks at in one statement.
	ChainsAtOnce uint64
	// Announced is told each event of an alert, Changed that there were some.
	Announced func(rule, event string)
	Changed   func()
}

// Announcer announces; the holder of the lease alone uses it.
type Announcer struct {
	reg          *queries.Registry
	conn         func() queries.Conn
	pool         *statestore.Pool
	log          *slog.Logger
	now          func() time.Time
	calendar     func() *calendar.Calendar
	rules        *rule.Catalogue
	appealable   func(rule string, version uint16) bool
	chainsAtOnce uint64
	announced    func(rule, event string)
	changed      func()

	// version is the fold version up to which chains were scanned, until the watermark
	// up to which their steps were.
	version uint64
	until   time.Time
	// reasons are, by fold version, those of what is taken back at the next scan; late
	// data for all others.
	reasons map[uint64]string

	// savedUntil is the watermark of the checkpoint as it was saved last; due: it lags far
	// behind; wrote: events were written since.
	savedUntil time.Time
	due, wrote bool
}

// New makes an announcer; it does no I/O.
func New(d Deps) *Announcer {
	return &Announcer{
		reg: d.Queries, conn: d.Conn, pool: d.Pool, log: d.Log, now: d.Now, calendar: d.Calendar, rules: d.Rules, appealable: d.Appealable,
		chainsAtOnce: d.ChainsAtOnce, announced: d.Announced, changed: d.Changed,
	}
}

// Version is the fold version up to which chains were scanned.
func (a *Announcer) Version() uint64 { return a.version }

// Until is the watermark up to which steps were announced.
func (a *Announcer) Until() time.Time { return a.until }
