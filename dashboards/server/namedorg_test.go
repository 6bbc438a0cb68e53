package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/ingest/event"
	"duban/supervision/engine/enginetest"
)

// The filter has a field for the organisation in which a name, a code or a choice of the
// list can stand; the list is asked for apart and holds what the reader may see.
func TestAnOrganisationIsChosenByNameInAField(t *testing.T) {
	h := newHouse(t)
	fill(t, h.db)
	const other = "116108000000000009"
	foreign := fact("O-1", 1, event.Apply, local(6, 1, 9), "")
	foreign.OrgCode = other
	enginetest.Insert(t, h.db, foreign,
		event.Organisation{SourceSys: "dir", EventID: "o9", OrgCode: other, Name: "定边县试验局", NameEN: "Dingbian Test Bureau", ValidFrom: 1})
	enginetest.Fold(t, h.db)
	h.add("root", access.Sysadmin)
	h.add("clerk", access.DeptManager)
	root, clerk := h.reader(), h.reader()
	root.signIn("root")
	clerk.signIn("clerk")
	choices := func(r *reader, lang string) (out []string) {
		a := r.get("/choices/orgs?lang=" + lang)
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.NoError(t, json.Unmarshal([]byte(a.body), &out))
		return out
	}
	require.Contains(t, choices(root, "zh-CN"), "定边县试验局 · "+other)
	require.Contains(t, choices(root, "en"), "Dingbian Test Bureau · "+other)
	own := choices(clerk, "en")
	require.Len(t, own, 1, "who sees one organisation is offered that one")
	name, found := strings.CutSuffix(own[0], " · "+orgCode)
	require.True(t, found, own[0])

	page := root.get("/cases")
	require.Contains(t, page.body, `list="org-choices"`)
	require.NotContains(t, page.body, "<option value=\""+other, "the list is no part of the page")
	for _, text := range []string{"定边县试验局", " 定边县试验局 · " + other, "dingbian test bureau"} {
		a := root.get("/cases?region=610800&org=" + url.QueryEscape(text))
		require.Equal(t, http.StatusSeeOther, a.status, text)
		require.Equal(t, "/cases?org="+other+"&region=610800", a.to, text)
	}
	a := root.get("/cases?lang=en&org=" + other)
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, `value="Dingbian Test Bureau · `+other+`"`)
	require.Equal(t, http.StatusOK, root.get("/cases?org="+url.QueryEscape("没有这个局")).status)

	a = clerk.get("/cases?org=" + url.QueryEscape(name))
	require.Equal(t, http.StatusSeeOther, a.status)
	require.True(t, strings.HasSuffix(a.to, "org="+orgCode), a.to)
	a = clerk.get("/cases?org=" + url.QueryEscape("定边县试验局"))
	require.Equal(t, http.StatusForbidden, a.status, "nobody learns codes outside of the own scope")
	require.Equal(t, http.StatusForbidden, clerk.get("/cases?org="+other).status)
}
