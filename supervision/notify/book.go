package notify

import (
	"slices"
	"strings"
)

// Organisation is an organisation with its contacts.
type Organisation struct {
	Code, Name, NameEN, Parent, Region string
	// RegionPath are the divisions from the province down to Region.
	RegionPath []string
	Contacts   []Contact
}

// Book is a Directory made of organisations. It is read-only after NewBook and
// safe for concurrent use.
type Book struct {
	orgs     map[string]*Organisation
	byRegion map[string][]*Organisation
	paths    map[string][]string
	people   map[string]Person
	all      []*Organisation
}

var _ Directory = (*Book)(nil)

// NewBook makes a directory of organisations. A user who is a contact of
// several has the channels of all, each once.
func NewBook(orgs []Organisation) *Book {
	b := &Book{orgs: map[string]*Organisation{}, byRegion: map[string][]*Organisation{}, paths: map[string][]string{},
		people: map[string]Person{}}
	sorted := slices.Clone(orgs)
	slices.SortStableFunc(sorted, func(x, y Organisation) int { return strings.Compare(x.Code, y.Code) })
	for i := range sorted {
		o := &sorted[i]
		b.all = append(b.all, o)
		b.orgs[o.Code] = o
		b.byRegion[o.Region] = append(b.byRegion[o.Region], o)
		for j, region := range o.RegionPath {
			b.paths[region] = o.RegionPath[:j+1]
		}
		if len(o.RegionPath) == 0 && o.Region != "" && b.paths[o.Region] == nil {
			b.paths[o.Region] = []string{o.Region}
		}
		for j := range o.Contacts {
			b.enter(&o.Contacts[j])
		}
	}
	return b
}

func (b *Book) enter(c *Contact) {
	p, known := b.people[c.User]
	if !known {
		p = Person{User: c.User}
	}
	for _, ch := range c.Channels {
		if !slices.Contains(p.Channels, ch) {
			p.Channels = append(p.Channels, ch)
		}
	}
	if p.Quiet == (Quiet{}) {
		p.Quiet = c.quiet()
	}
	b.people[c.User] = p
}

// Person finds a user.
func (b *Book) Person(user string) (Person, bool) {
	p, ok := b.people[user]
	return p, ok
}

// OrgName gives the names of an organisation.
func (b *Book) OrgName(code string) (zh, en string) {
	o := b.orgs[code]
	if o == nil || o.Name == "" {
		return code, code
	}
	if o.NameEN == "" {
		return o.Name, o.Name
	}
	return o.Name, o.NameEN
}

// Resolve finds the people for a target: see reach for where each role is
// looked for.
func (b *Book) Resolve(t Target) Resolution {
	var res Resolution
	if user, ok := strings.CutPrefix(t.Notify, userPrefix); ok {
		if p, known := b.people[user]; known {
			res.People = []Assigned{{p, "assignee"}}
		} else {
			res.Missing = []Missing{{Rung: "assignee"}}
		}
		return res
	}
	rungs := map[string]string{}
	for _, n := range needs(t.Notify) {
		found := false
		for _, role := range n.roles {
			for _, user := range b.withRole(role, t) {
				found = true
				rungs[user] = higherRung(rungs[user], n.rung)
			}
		}
		if !found {
			res.Missing = append(res.Missing, Missing{n.rung, n.roles})
		}
	}
	for user, rung := range rungs {
		res.People = append(res.People, Assigned{b.people[user], rung})
	}
	slices.SortFunc(res.People, func(x, y Assigned) int { return strings.Compare(x.User, y.User) })
	return res
}

// withRole lists the users with a role, at the nearest place that has any.
func (b *Book) withRole(role Role, t Target) []string {
	own := b.orgs[t.OrgCode]
	if users := contactsOf(role, t, own); len(users) > 0 || role.reach() == inOrg {
		return users
	}
	if role.reach() != above {
		if users := b.inRegion(role, t, own); len(users) > 0 {
			return users
		}
	}
	seen := map[string]bool{}
	for o := own; o != nil && !seen[o.Code]; o = b.orgs[o.Parent] {
		seen[o.Code] = true // a directory may hold a circle
		if users := contactsOf(role, t, o); len(users) > 0 {
			return users
		}
	}
	if role.reach() == anywhere {
		return contactsOf(role, t, b.all...)
	}
	return nil
}

// inRegion looks in the organisations of the region of the target, then of
// each region above it.
func (b *Book) inRegion(role Role, t Target, own *Organisation) []string {
	path := b.paths[t.RegionCode]
	if path == nil && own != nil {
		path = b.paths[own.Region]
	}
	for _, p := range slices.Backward(path) {
		if users := contactsOf(role, t, b.byRegion[p]...); len(users) > 0 {
			return users
		}
	}
	return nil
}

// contactsOf lists the users with a role in organisations. Handlers and window
// managers are narrowed down to those whom the target names, when there are
// such.
func contactsOf(role Role, t Target, orgs ...*Organisation) []string {
	var all, named []string
	for _, o := range orgs {
		if o == nil {
			continue
		}
		for i := range o.Contacts {
			c := &o.Contacts[i]
			if c.Role != role {
				continue
			}
			all = append(all, c.User)
			switch {
			case role == Handler && t.StaffID != "" && (c.User == t.StaffID || c.Staff == t.StaffID),
				role == WindowManager && t.WindowID != "" && slices.Contains(c.Windows, t.WindowID):
				named = append(named, c.User)
			}
		}
	}
	if len(named) > 0 {
		return named
	}
	return all
}

// Join makes one directory of several, such as the organisations and a file of
// users: a question is answered by the first that finds somebody, channels are
// those of the first that knows the user.
func Join(dirs ...Directory) Directory { return joined(dirs) }

type joined []Directory

func (j joined) Resolve(t Target) Resolution {
	var best Resolution
	for i, d := range j {
		res := d.Resolve(t)
		if i == 0 {
			best = res
			continue
		}
		// Of what the ones before could not fill, take what this one can.
		var missing []Missing
		for _, m := range best.Missing {
			if slices.ContainsFunc(res.Missing, func(x Missing) bool { return x.Rung == m.Rung && slices.Equal(x.Roles, m.Roles) }) {
				missing = append(missing, m)
			}
		}
		if len(missing) < len(best.Missing) {
			for _, a := range res.People {
				if !slices.ContainsFunc(best.People, func(x Assigned) bool { return x.User == a.User }) {
					best.People = append(best.People, a)
				}
			}
		}
		best.Missing = missing
	}
	for i, a := range best.People {
		if p, ok := j.Person(a.User); ok {
			best.People[i].Person = p
		}
	}
	slices.SortFunc(best.People, func(x, y Assigned) int { return strings.Compare(x.User, y.User) })
	return best
}

func (j joined) Person(user string) (Person, bool) {
	var found Person
	ok := false
	for _, d := range j {
		if p, known := d.Person(user); known && (!ok || len(found.Channels) == 0) {
			found, ok = p, true
		}
	}
	return found, ok
}

func (j joined) OrgName(code string) (zh, en string) {
	for _, d := range j {
		if zh, en = d.OrgName(code); zh != code {
			return zh, en
		}
	}
	return code, code
}
