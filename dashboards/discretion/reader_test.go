package discretion

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/queries"
)

// asked remembers with which arguments queries were asked.
type asked struct{ args queries.Args }

func (a *asked) Run(_ context.Context, _ string, args queries.Args, _ ...string) (*queries.Result, error) {
	a.args = args
	return &queries.Result{}, nil
}

func (a *asked) Stream(_ context.Context, _ string, args queries.Args, _ int, _ func(*queries.Result) error) error {
	a.args = args
	return nil
}

// A query about alerts or work that can tell of secret subjects has a parameter for how much
// of them its reader is told; every one of them is asked with it.
func TestEveryQueryThatCanTellSecretsIsAskedWithTheReader(t *testing.T) {
	reg, err := queries.Load()
	require.NoError(t, err)
	r, err := NewReader(reg, nil, time.Now)
	require.NoError(t, err)
	a := &asked{}
	r.from = a
	r.secrets = &secretKeeper{now: time.Now, read: func(context.Context) ([]secretSubject, error) { return nil, nil }}
	handler := access.NewContext(t.Context(), access.User{ID: "u-1", Role: access.Handler, OrgCode: "bureau"})
	leader := access.NewContext(t.Context(), access.User{ID: "u-2", Role: access.Leader})
	public := access.NewContext(t.Context(), access.User{ID: "u-3", Role: access.Public})
	for _, name := range []string{"page/alert", "page/alerts", "page/alerts_behind", "page/alert_counts", "page/alert_orgs",
		"page/alert_siblings", "page/appeals", "page/todo", "page/todo_counts", "page/work_counts", "page/work_item", "page/work_items",
		"page/outage_cases", "page/rules"} {
		for want, ctx := range map[string]context.Context{"acting": handler, "all": leader, "": public} {
			// Claimed by a page that knows better, it counts as nothing.
			require.NoError(t, r.Stream(ctx, name, queries.Args{"secret": "all"}, 1, nil))
			require.Equal(t, want, a.args["secret"], name)
		}
	}
	require.NoError(t, r.Stream(handler, "page/stamp", nil, 1, nil))
	require.NotContains(t, a.args, "secret")
}
