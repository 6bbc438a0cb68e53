package directory

import (
	"context"
	"slices"
	"sync"
	"time"

	"duban/queries"
	"duban/supervision/lawzone"
)

// treeAge is how long the directory of organisations is taken as read: who
// moves below another one is seen there half a minute later.
const treeAge = 30 * time.Second

var selectParents = queries.Select[struct {
	Org    string `ch:"org_code"`
	Parent string `ch:"parent_code"`
}]("work/org_parents")

// Tree knows which organisation stands below which, as of the local day of
// its clock; it reads the directory again when it is treeAge old or the day
// changes. The engine decides by the same query. It is safe for concurrent use.
type Tree struct {
	queries queries.Bound
	now     func() time.Time

	mu       sync.Mutex
	read     time.Time
	day      string
	children map[string][]string
}

// New prepares a tree; it reads nothing yet.
func New(q queries.Bound, now func() time.Time) *Tree { return &Tree{queries: q, now: now} }

// Below lists an organisation and everything that stands below it, itself
// first; one that the directory does not know stands alone.
func (t *Tree) Below(ctx context.Context, org string) ([]string, error) {
	if org == "" {
		return nil, nil
	}
	children, err := t.load(ctx)
	if err != nil {
		return nil, err
	}
	out := []string{org}
	seen := map[string]bool{org: true} // a directory that runs in a circle ends here
	for i := 0; i < len(out); i++ {
		for _, c := range children[out[i]] {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out, nil
}

func (t *Tree) load(ctx context.Context) (map[string][]string, error) {
	now := t.now()
	day := now.In(lawzone.Zone).Format(time.DateOnly)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.children != nil && t.day == day && now.Sub(t.read) < treeAge {
		return t.children, nil
	}
	parents, err := selectParents.On(ctx, t.queries, queries.Args{"day": day})
	if err != nil {
		return nil, err
	}
	children := map[string][]string{}
	for _, x := range parents {
		children[x.Parent] = append(children[x.Parent], x.Org)
	}
	for _, c := range children {
		slices.Sort(c)
	}
	t.read, t.day, t.children = now, day, children
	return children, nil
}
