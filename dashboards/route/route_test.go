package route_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/route"
)

func page() route.Route {
	return route.Route{Pattern: "/p/{code}", Rule: route.Needs(access.FigureView), Scope: route.ByFilter(), Handler: http.NotFoundHandler()}
}

func TestAPageWithoutRuleOrScopeIsAnErrorThatNamesIt(t *testing.T) {
	_, err := route.NewTable(page())
	require.NoError(t, err)
	for want, change := range map[string]func(*route.Route){
		"page GET /p/{code} has no access rule":                               func(r *route.Route) { r.Rule = route.Rule{} },
		"page GET /p/{code} has no scope":                                     func(r *route.Route) { r.Scope = route.Scope{} },
		"page GET /p/{code} has no handler":                                   func(r *route.Route) { r.Handler = nil },
		"page GET /p/{code} needs a permission that it does not name":         func(r *route.Route) { r.Rule = route.Needs("") },
		"page GET /p/{code} needs no permission and does not say why":         func(r *route.Route) { r.Rule = route.Without(route.Anyone, "") },
		"page GET /p/{code} keeps to no scope and does not say why":           func(r *route.Route) { r.Scope = route.Unscoped("") },
		"page GET /p/{code} is limited by {region}, which is not in its path": func(r *route.Route) { r.Scope = route.ByRegion("region") },
		"page GET /p/{code} is limited by {org}, which is not in its path":    func(r *route.Route) { r.Scope = route.ByOrganisation("org") },
		"page GET /p/{code} cannot be in the navigation":                      func(r *route.Route) { r.Nav.Name = "p" },
		"page PUT /p/{code} answers an unknown method":                        func(r *route.Route) { r.Method = http.MethodPut },
	} {
		p := page()
		change(&p)
		_, err := route.NewTable(page(), p)
		require.ErrorContains(t, err, want)
	}
	_, err = route.NewTable(page(), page())
	require.ErrorContains(t, err, "page GET /p/{code} is there twice")
}

func TestWhatIsNotDeclaredIsClosed(t *testing.T) {
	admin := access.User{ID: "u-1", Role: access.Sysadmin}
	require.False(t, route.Rule{}.Admits(admin), "no rule admits nobody")
	limited := access.User{ID: "u-2", Role: access.Supervisor, ScopeRegion: "610800"}
	p := page()
	require.True(t, p.Opens(limited))
	p.Scope = route.Everything("it is of a whole source")
	require.True(t, p.Opens(admin))
	require.False(t, p.Opens(limited), "who sees a part does not see the whole")
}

func TestTheNavigationKeepsItsOrder(t *testing.T) {
	entry := func(pattern, name string, at int) route.Route {
		p := page()
		p.Pattern, p.Nav = pattern, route.Nav{Group: route.Main, Name: name, At: at}
		return p
	}
	table, err := route.NewTable(entry("/b", "b", 2), page(), entry("/a", "a", 1))
	require.NoError(t, err)
	var names []string
	for _, p := range table.Navigation(route.Main) {
		names = append(names, p.Nav.Name)
	}
	require.Equal(t, []string{"a", "b"}, names)
}
