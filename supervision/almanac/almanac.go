package almanac

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"duban/internal/blank"
	"duban/queries"
	"duban/supervision/calendar"
)

// Version is a version of the calendar and where it comes from.
type Version struct {
	Name string
	// Base, Year, Document, Issued, ImportedBy and ImportedAt are those of a
	// version that the office loaded; all empty for one of the program.
	Base             string
	Year             int
	Document, Issued string
	ImportedBy       string
	ImportedAt       time.Time
	// InForce: this is the one that counts; PutBy, PutAt and Reason say since when
	// and why, and are empty for the program's own choice.
	InForce bool
	PutBy   string
	PutAt   time.Time
	Reason  string

	notice string
}

// Almanac reads and writes the versions. It is safe for concurrent use.
type Almanac struct {
	reg  *queries.Registry
	conn queries.Conn
	now  func() time.Time
	// pinned is the version that the configuration names; empty: the one put into
	// force, else the program's newest.
	pinned string

	mu    sync.Mutex
	known map[string]*calendar.Calendar
}

// New prepares an almanac over a migrated database; it does no I/O.
func New(reg *queries.Registry, conn queries.Conn, pinned string, now func() time.Time) *Almanac {
	return &Almanac{reg: reg, conn: conn, now: now, pinned: pinned, known: map[string]*calendar.Calendar{}}
}

var (
	selectVersions = queries.Select[struct {
		Version    string    `ch:"version"`
		Base       string    `ch:"base"`
		Year       uint16    `ch:"year"`
		Document   string    `ch:"document"`
		Issued     string    `ch:"issued"`
		Notice     string    `ch:"notice"`
		ImportedBy string    `ch:"imported_by"`
		ImportedAt time.Time `ch:"imported_at"`
	}]("calendar/versions")
	selectInForce = queries.Select[struct {
		PutAt   time.Time `ch:"put_at"`
		Version string    `ch:"version"`
		PutBy   string    `ch:"put_by"`
		Reason  string    `ch:"reason"`
	}]("calendar/in_force")
)

// Versions lists all versions: those of the program, the default first, then
// those that were loaded, in the order of loading. One is in force.
func (a *Almanac) Versions(ctx context.Context) ([]Version, error) {
	out := []Version{}
	for _, name := range calendar.Versions() {
		out = append(out, Version{Name: name})
	}
	rows, err := selectVersions.All(ctx, a.reg, a.conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out = append(out, Version{
			Name: r.Version, Base: r.Base, Year: int(r.Year), Document: r.Document, Issued: r.Issued, notice: r.Notice,
			ImportedBy: r.ImportedBy, ImportedAt: r.ImportedAt,
		})
	}
	put, any, err := selectInForce.First(ctx, a.reg, a.conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	name := calendar.DefaultVersion
	if any {
		name = put.Version
	}
	if a.pinned != "" {
		name, any = a.pinned, false
	}
	i := slices.IndexFunc(out, func(v Version) bool { return v.Name == name })
	if i < 0 {
		return nil, unknown(name, out)
	}
	out[i].InForce = true
	if any {
		out[i].PutBy, out[i].PutAt, out[i].Reason = put.PutBy, put.PutAt, put.Reason
	}
	return out, nil
}

// Putting is one time that a version was put into force.
type Putting struct {
	Version, By, Reason string
	At                  time.Time
}

// History lists when which version was put into force, the newest first; before the
// oldest one, and while there is none, the program's newest counts.
func (a *Almanac) History(ctx context.Context) ([]Putting, error) {
	rows, err := selectInForce.All(ctx, a.reg, a.conn, queries.Args{})
	if err != nil {
		return nil, err
	}
	var out []Putting
	for _, r := range rows {
		out = append(out, Putting{r.Version, r.PutBy, r.Reason, r.PutAt})
	}
	return out, nil
}

// InForce builds the version in force.
func (a *Almanac) InForce(ctx context.Context) (*calendar.Calendar, error) {
	name := a.pinned
	if name == "" {
		put, any, err := selectInForce.First(ctx, a.reg, a.conn, queries.Args{})
		if err != nil {
			return nil, err
		}
		name = calendar.DefaultVersion
		if any {
			name = put.Version
		}
	}
	if c := a.kept(name); c != nil {
		return c, nil // versions never change
	}
	versions, err := a.Versions(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(versions, func(v Version) bool { return v.InForce })
	return a.build(versions[i].Name, versions)
}

// Load builds a version by its name.
func (a *Almanac) Load(ctx context.Context, name string) (*calendar.Calendar, error) {
	if c := a.kept(name); c != nil {
		return c, nil
	}
	versions, err := a.Versions(ctx)
	if err != nil {
		return nil, err
	}
	return a.build(name, versions)
}

func (a *Almanac) kept(name string) *calendar.Calendar {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known[name]
}

// build makes a version out of its base, and keeps it: it never changes.
func (a *Almanac) build(name string, versions []Version) (*calendar.Calendar, error) {
	if c := a.kept(name); c != nil {
		return c, nil
	}
	// From the version down to one of the program, then up again.
	var chain []Version
	c, err := (*calendar.Calendar)(nil), error(nil)
	for at := name; c == nil; {
		if slices.Contains(calendar.Versions(), at) {
			if c, err = calendar.Load(at); err != nil {
				return nil, err
			}
			break
		}
		i := slices.IndexFunc(versions, func(v Version) bool { return v.Name == at })
		if i < 0 || len(chain) > len(versions) {
			return nil, unknown(at, versions)
		}
		chain = append(chain, versions[i])
		at = versions[i].Base
	}
	for _, v := range slices.Backward(chain) {
		n, err := calendar.ParseNotice([]byte(v.notice))
		if err != nil {
			return nil, fmt.Errorf("calendar %s: %w", v.Name, err)
		}
		if c, err = c.Revise(v.Name, n); err != nil {
			return nil, err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known[name] = c
	return c, nil
}

func unknown(name string, versions []Version) error {
	names := make([]string, len(versions))
	for i, v := range versions {
		names[i] = v.Name
	}
	return fmt.Errorf("calendar %q: there is no such version (have %s)", name, strings.Join(names, ", "))
}

// Preview is what a notice would make of the calendar in force.
type Preview struct {
	Notice   calendar.Notice
	Was, Is  *calendar.Calendar
	Problems []calendar.Problem
	Remarks  []calendar.Problem
	// Amends: the version in force holds a notice of that year already.
	Amends  bool
	Changes []calendar.DayChange
}

// Preview reads a notice and holds it against the version in force. With
// problems there is no Is: the notice is not to be used.
func (a *Almanac) Preview(ctx context.Context, name string, data []byte) (*Preview, error) {
	was, err := a.InForce(ctx)
	if err != nil {
		return nil, err
	}
	p := &Preview{Was: was}
	if p.Notice, p.Problems = calendar.ReadNotice(name, data); len(p.Problems) > 0 {
		return p, nil
	}
	if p.Problems, p.Remarks = was.Check(p.Notice); len(p.Problems) > 0 {
		return p, nil
	}
	p.Amends = was.Holds(p.Notice.Year)
	if p.Is, err = was.Revise(nameOf(was.Version(), p.Notice), p.Notice); err != nil {
		return nil, err
	}
	p.Changes = calendar.Changes(was, p.Is)
	return p, nil
}

// nameOf names the version of a notice on a base: the same for the same content.
func nameOf(base string, n calendar.Notice) string {
	sum := sha256.Sum256([]byte(base + "\x1f" + n.Text()))
	day := n.Issued
	if day == "" {
		day = fmt.Sprint(n.Year)
	}
	return "cn-" + day + "-" + hex.EncodeToString(sum[:4])
}

// ErrPinned refuses to put a version into force while the configuration names one.
var ErrPinned = errors.New("the configuration names the version (supervise.calendar_version); take it out there first")

// Import keeps a previewed version. Keeping it again changes nothing.
func (a *Almanac) Import(ctx context.Context, p *Preview, by string) error {
	if p.Is == nil {
		return errors.New("import calendar: the notice has problems")
	}
	return a.reg.Exec(ctx, a.conn, "calendar/add_version", queries.Args{
		"version": p.Is.Version(), "base": p.Was.Version(), "year": uint16(p.Notice.Year), "document": p.Notice.Document,
		"issued": p.Notice.Issued, "notice": p.Notice.Text(), "imported_by": by, "imported_at": a.now().UTC(),
	})
}

// PutIntoForce makes a version the one that counts from now on. The reason is
// kept with who did it.
func (a *Almanac) PutIntoForce(ctx context.Context, version, by, reason string) error {
	if a.pinned != "" {
		return ErrPinned
	}
	if blank.Is(reason) {
		return errors.New("put calendar into force: no reason is given")
	}
	if _, err := a.Load(ctx, version); err != nil {
		return err
	}
	return a.reg.Exec(ctx, a.conn, "calendar/put_into_force", queries.Args{
		"put_at": a.now().UTC(), "version": version, "put_by": by, "reason": blank.Trim(reason),
	})
}
