package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/dashboards/sitetest"
	"duban/ingest/event"
	"duban/supervision/engine/enginetest"
)

// The filter has a field for the organisation in which a name, a code or a choice of the
// list can stand; the list is asked for apart and holds what the reader may see.
func TestAnOrganisationIsChosenByNameInAField(t *testing.T) {
	h := sitetest.NewHouse(t)
	sitetest.Fill(t, h.DB)
	const other = "116108000000000009"
	foreign := sitetest.Fact("O-1", 1, event.Apply, sitetest.Local(6, 1, 9), "")
	foreign.OrgCode = other
	enginetest.Insert(t, h.DB, foreign,
		event.Organisation{SourceSys: "dir", EventID: "o9", OrgCode: other, Name: "定边县试验局", NameEN: "Dingbian Test Bureau", ValidFrom: 1})
	enginetest.Fold(t, h.DB)
	h.Add("root", access.Sysadmin)
	h.Add("clerk", access.DeptManager)
	root, clerk := h.Reader(), h.Reader()
	root.SignIn("root")
	clerk.SignIn("clerk")
	choices := func(r *sitetest.Reader, lang string) (out []string) {
		a := r.Get("/choices/orgs?lang=" + lang)
		require.Equal(t, http.StatusOK, a.Status, a.Body)
		require.NoError(t, json.Unmarshal([]byte(a.Body), &out))
		return out
	}
	require.Contains(t, choices(root, "zh-CN"), "定边县试验局 · "+other)
	require.Contains(t, choices(root, "en"), "Dingbian Test Bureau · "+other)
	own := choices(clerk, "en")
	require.Len(t, own, 1, "who sees one organisation is offered that one")
	name, found := strings.CutSuffix(own[0], " · "+sitetest.OrgCode)
	require.True(t, found, own[0])

	page := root.Get("/cases")
	require.Contains(t, page.Body, `list="org-choices"`)
	require.NotContains(t, page.Body, "<option value=\""+other, "the list is no part of the page")
	for _, text := range []string{"定边县试验局", " 定边县试验局 · " + other, "dingbian test bureau"} {
		a := root.Get("/cases?region=610800&org=" + url.QueryEscape(text))
		require.Equal(t, http.StatusSeeOther, a.Status, text)
		require.Equal(t, "/cases?org="+other+"&region=610800", a.To, text)
	}
	a := root.Get("/cases?lang=en&org=" + other)
	require.Equal(t, http.StatusOK, a.Status)
	require.Contains(t, a.Body, `value="Dingbian Test Bureau · `+other+`"`)
	require.Equal(t, http.StatusOK, root.Get("/cases?org="+url.QueryEscape("没有这个局")).Status)

	a = clerk.Get("/cases?org=" + url.QueryEscape(name))
	require.Equal(t, http.StatusSeeOther, a.Status)
	require.True(t, strings.HasSuffix(a.To, "org="+sitetest.OrgCode), a.To)
	a = clerk.Get("/cases?org=" + url.QueryEscape("定边县试验局"))
	require.Equal(t, http.StatusForbidden, a.Status, "nobody learns codes outside of the own scope")
	require.Equal(t, http.StatusForbidden, clerk.Get("/cases?org="+other).Status)
}
