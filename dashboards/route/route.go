package route

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"duban/dashboards/access"
)

// Route is one address of the server.
type Route struct {
	// Method is GET when empty; AnyMethod answers all of them.
	Method string
	// Pattern is the path, with {name} for a part and * for the rest.
	Pattern string
	Rule    Rule
	Scope   Scope
	// Nav is the entry of the navigation that leads here; zero for none.
	Nav Nav
	// People says whether the route means something without users.
	People People
	// Password routes take passwords, which travel encrypted only.
	Password bool
	// Reads is the kind of the single subject that a person reads here, which leaves
	// a line in the trail: what follows the fixed part of the pattern. NotesItself
	// says that the page writes its own lines.
	Reads       string
	NotesItself bool
	Handler     http.Handler
}

// AnyMethod is the method of a route that answers all of them.
const AnyMethod = "*"

// People says whether a route means something while there are no users.
type People uint8

const (
	// Anyway routes answer with and without users.
	Anyway People = iota
	// WithUsers routes are about people: without users they lead to the overview.
	WithUsers
	// FirstUser is where the first user is made.
	FirstUser
)

// Group is a part of the navigation.
type Group uint8

// The groups of the navigation.
const (
	Main    Group = iota + 1 // beside every page
	Running                  // how the product is run, in the header
)

// Nav is an entry of the navigation.
type Nav struct {
	Group Group
	// Name is the key of its text, nav.NAME, and what the page calls itself.
	Name string
	// At orders the entries of a group.
	At int
	// Personal entries are for who is signed in.
	Personal bool
}

// Fixed is the pattern up to its first open part.
func (r Route) Fixed() string {
	if at := strings.IndexAny(r.Pattern, "{*"); at >= 0 {
		return r.Pattern[:at]
	}
	return r.Pattern
}

// Opens reports whether the navigation offers the route to a user.
func (r Route) Opens(u access.User) bool {
	return r.Rule.Admits(u) && (r.Scope.Reach != Whole || !u.Limited())
}

func (r Route) problems() []error {
	var out []error
	add := func(text string) {
		if text != "" {
			out = append(out, fmt.Errorf("page %s %s %s", r.Method, r.Pattern, text))
		}
	}
	if !slices.Contains([]string{http.MethodGet, http.MethodPost, AnyMethod}, r.Method) {
		add("answers an unknown method")
	}
	if !strings.HasPrefix(r.Pattern, "/") {
		add("has no path")
	}
	if r.Handler == nil {
		add("has no handler")
	}
	add(r.Rule.problem())
	add(r.Scope.problem())
	for _, part := range []string{r.Scope.Region, r.Scope.Org} {
		if part != "" && !strings.Contains(r.Pattern, "{"+part+"}") {
			add("is limited by {" + part + "}, which is not in its path")
		}
	}
	if r.Nav != (Nav{}) && (r.Nav.Group == 0 || r.Nav.Name == "" || r.Method != http.MethodGet || r.Fixed() != r.Pattern) {
		add("cannot be in the navigation")
	}
	return out
}

// Table is every route of a server.
type Table struct{ routes []Route }

// NewTable checks the routes; the error names every page that lacks a rule or a scope,
// or is there twice.
func NewTable(routes ...Route) (*Table, error) {
	t := &Table{routes: slices.Clone(routes)}
	var problems []error
	seen := map[[2]string]bool{}
	for i := range t.routes {
		r := &t.routes[i]
		if r.Method == "" {
			r.Method = http.MethodGet
		}
		problems = append(problems, r.problems()...)
		key := [2]string{r.Method, r.Pattern}
		if seen[key] {
			problems = append(problems, fmt.Errorf("page %s %s is there twice", r.Method, r.Pattern))
		}
		seen[key] = true
	}
	return t, errors.Join(problems...)
}

// All lists the routes.
func (t *Table) All() []Route { return slices.Clone(t.routes) }

// Page finds the route that is read at a pattern.
func (t *Table) Page(pattern string) (Route, bool) {
	for _, r := range t.routes {
		if r.Pattern == pattern && r.Method == http.MethodGet {
			return r, true
		}
	}
	return Route{}, false
}

// Navigation lists the entries of a group in their order.
func (t *Table) Navigation(g Group) []Route {
	var out []Route
	for _, r := range t.routes {
		if r.Nav.Group == g {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Route) int { return a.Nav.At - b.Nav.At })
	return out
}
