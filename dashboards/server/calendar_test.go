package server_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/access"
	"duban/queries"
	"duban/supervision/almanac"
)

// Who may loads a notice in two steps: what it changes is shown, then it is put into
// force, with who and why; all others see nothing of it.
func TestACalendarIsLoadedOnAPageInTwoSteps(t *testing.T) {
	h := newHouse(t)
	raw, err := os.ReadFile("../../supervision/calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	notice := string(raw)
	root := h.add("root", access.Sysadmin)
	h.add("wang", access.Handler)

	other := h.reader()
	other.signIn("wang")
	require.Equal(t, http.StatusForbidden, other.get("/calendar").status)
	require.Equal(t, http.StatusForbidden, other.post("/calendar/preview", "notice", notice).status)
	require.Equal(t, http.StatusForbidden, other.post("/calendar/adopt", "notice", notice, "version", "x", "reason", "x").status)

	me := h.reader()
	me.signIn("root")
	a := me.get("/calendar")
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, "cn-2026-08-07")

	a = me.post("/calendar/preview", "notice", strings.Replace(notice, "date: 2027-02-20", "date: 2027-02-18", 1))
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.body, "line 18: 2027-02-18 is no weekend day")
	require.Contains(t, a.body, "date: 2027-02-18, isOffDay: false", "the text stands there to be put right")

	version := me.load(notice)
	seen := me.get("/calendar/versions/" + version)
	require.Equal(t, http.StatusOK, seen.status)
	require.Contains(t, seen.body, "2027-02-09")
	require.Contains(t, seen.body, "not worked out yet", "this house explains nothing")
	reg, err := queries.Load()
	require.NoError(t, err)
	inForce := func() string {
		c, err := almanac.New(reg, h.db.Conn(), "", now).InForce(t.Context())
		require.NoError(t, err)
		return c.Version()
	}
	require.Equal(t, "cn-2026-08-07", inForce(), "looking puts nothing into force")
	require.Contains(t, me.get("/calendar").body, "No version was put into force yet")

	for _, bad := range [][]string{
		{"version", version, "reason", " ", "confirm", "1"},
		{"version", version, "reason", "x"},
		{"version", "cn-2026-08-07", "reason", "x", "confirm", "1"},
	} {
		require.Equal(t, http.StatusUnprocessableEntity, me.post("/calendar/adopt", bad...).status, bad)
	}
	require.Equal(t, http.StatusNotFound, me.post("/calendar/adopt", "version", "cn-other", "reason", "x", "confirm", "1").status)
	require.Equal(t, http.StatusNotFound, me.get("/calendar/versions/cn-other").status)
	require.Equal(t, "cn-2026-08-07", inForce())
	// A version that stands on the same one, and waits while the other comes into force.
	waits := me.load(strings.Replace(notice, "1号", "2号", 1))
	require.NotEqual(t, version, waits)
	a = me.post("/calendar/adopt", "version", version, "reason", "试办发〔2026〕1号", "confirm", "1")
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, version, inForce())
	require.Contains(t, me.get(a.to).body, "The version is in force")
	a = me.get("/calendar")
	require.Contains(t, a.body, "试办发〔2026〕1号")
	require.Contains(t, a.body, root.ID)
	a = me.post("/calendar/adopt", "version", waits, "reason", "x", "confirm", "1")
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.body, "Another calendar is in force now")
	versions, err := almanac.New(reg, h.db.Conn(), "", now).Versions(t.Context())
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(versions, func(v almanac.Version) bool { return v.InForce && v.PutBy == root.ID }))
	lines := 0
	require.NoError(t, h.people.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			if e.What == string(access.CalendarManage) && e.TargetID == version && e.UserID == root.ID && e.Outcome == access.Done {
				lines++
			}
		}
		return nil
	}))
	require.Equal(t, 2, lines, "the audit trail has the loading and the putting into force")

	// One step back is known, too: to the version that the one in force stands on.
	require.Contains(t, me.get("/calendar/versions/cn-2026-08-07").body, "/calendar/adopt")
	require.NotContains(t, me.get("/calendar/versions/"+waits).body, "/calendar/adopt")
}

// load sends a notice as text and gives the version that it became.
func (r *reader) load(notice string) string {
	r.t.Helper()
	a := r.post("/calendar/preview", "notice", notice)
	require.Equal(r.t, http.StatusSeeOther, a.status, a.body)
	require.True(r.t, strings.HasPrefix(a.to, "/calendar/versions/"), a.to)
	return strings.TrimPrefix(a.to, "/calendar/versions/")
}

// upload sends a file as a browser does.
func (r *reader) upload(name, content string, header ...string) answer {
	r.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	require.NoError(r.t, err)
	_, err = io.WriteString(part, content)
	require.NoError(r.t, err)
	require.NoError(r.t, form.WriteField("notice", ""))
	require.NoError(r.t, form.Close())
	q, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.base+"/calendar/preview", &body)
	require.NoError(r.t, err)
	q.Header.Set("Content-Type", form.FormDataContentType())
	q.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	res, err := r.client.Do(q)
	require.NoError(r.t, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return answer{res.StatusCode, string(b), res.Header.Get("Location"), res.Header}
}

// A file is taken as YAML, JSON or CSV; what is none, too large or comes from another site
// is refused with a word that helps.
func TestAHolidayNoticeIsUploadedAsAFile(t *testing.T) {
	h := newHouse(t)
	raw, err := os.ReadFile("../../supervision/calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	h.add("root", access.Sysadmin)
	me := h.reader()
	me.signIn("root")
	require.Contains(t, me.get("/calendar").body, `enctype="multipart/form-data"`)

	a := me.upload("2027.yaml", string(raw))
	require.Equal(t, http.StatusSeeOther, a.status, a.body)
	require.Regexp(t, `^/calendar/versions/cn-2026-11-05-[0-9a-f]{8}$`, a.to)
	table := "date,name,isOffDay\n"
	for _, m := range regexp.MustCompile(`name: (\S+), date: (\S+), isOffDay: (\w+)`).FindAllStringSubmatch(string(raw), -1) {
		table += m[2] + "," + m[1] + "," + m[3] + "\n"
	}
	a = me.upload("2027.csv", "\ufeff"+table)
	require.Equal(t, http.StatusSeeOther, a.status, a.body)
	a = me.upload("2027.csv", strings.Replace(table, "2027-02-20,春节,false", "2027-02-30,春节,false", 1))
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.body, `line 13: &#34;2027-02-30&#34; is no date`)

	for _, c := range []struct {
		name, content string
		status        int
		want          string
	}{
		{"2027.xlsx", "PK\x03\x04\x00\x00", http.StatusUnprocessableEntity, "a workbook or a ZIP archive"},
		{"2027.csv", "date,name,isOffDay\n2027-01-01,\xd4\xaa\xb5\xa9,true\n", http.StatusUnprocessableEntity, "line 2: The text is not UTF-8"},
		{"2027.yaml", strings.Repeat("# padding\n", 7000), http.StatusRequestEntityTooLarge, "at most 64 KB"},
		{"2027.yaml", "", http.StatusUnprocessableEntity, "Choose a file"},
	} {
		a := me.upload(c.name, c.content)
		require.Equal(t, c.status, a.status, c.want)
		require.Contains(t, a.body, c.want)
	}
	cross := me.upload("2027.yaml", string(raw), "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, cross.status)
}
