package admin_test

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
	"duban/dashboards/sitetest"
	"duban/queries"
	"duban/supervision/almanac"
)

// Who may loads a notice in two steps: what it changes is shown, then it is put into
// force, with who and why; all others see nothing of it.
func TestACalendarIsLoadedOnAPageInTwoSteps(t *testing.T) {
	h := sitetest.NewHouse(t)
	raw, err := os.ReadFile("../../../supervision/calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	notice := string(raw)
	root := h.Add("root", access.Sysadmin)
	h.Add("wang", access.Handler)

	other := h.Reader()
	other.SignIn("wang")
	require.Equal(t, http.StatusForbidden, other.Get("/calendar").Status)
	require.Equal(t, http.StatusForbidden, other.Post("/calendar/preview", "notice", notice).Status)
	require.Equal(t, http.StatusForbidden, other.Post("/calendar/adopt", "notice", notice, "version", "x", "reason", "x").Status)

	me := h.Reader()
	me.SignIn("root")
	a := me.Get("/calendar")
	require.Equal(t, http.StatusOK, a.Status)
	require.Contains(t, a.Body, "cn-2026-08-07")

	a = me.Post("/calendar/preview", "notice", strings.Replace(notice, "date: 2027-02-20", "date: 2027-02-18", 1))
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "line 18: 2027-02-18 is no weekend day")
	require.Contains(t, a.Body, "date: 2027-02-18, isOffDay: false", "the text stands there to be put right")

	version := load(me, notice)
	seen := me.Get("/calendar/versions/" + version)
	require.Equal(t, http.StatusOK, seen.Status)
	require.Contains(t, seen.Body, "2027-02-09")
	require.Contains(t, seen.Body, "not worked out yet", "this house explains nothing")
	reg, err := queries.Load()
	require.NoError(t, err)
	inForce := func() string {
		c, err := almanac.New(reg, h.DB.Conn(), "", sitetest.Now).InForce(t.Context())
		require.NoError(t, err)
		return c.Version()
	}
	require.Equal(t, "cn-2026-08-07", inForce(), "looking puts nothing into force")
	require.Contains(t, me.Get("/calendar").Body, "No version was put into force yet")

	for _, bad := range [][]string{
		{"version", version, "reason", " ", "confirm", "1"},
		{"version", version, "reason", "x"},
		{"version", "cn-2026-08-07", "reason", "x", "confirm", "1"},
	} {
		require.Equal(t, http.StatusUnprocessableEntity, me.Post("/calendar/adopt", bad...).Status, bad)
	}
	require.Equal(t, http.StatusNotFound, me.Post("/calendar/adopt", "version", "cn-other", "reason", "x", "confirm", "1").Status)
	require.Equal(t, http.StatusNotFound, me.Get("/calendar/versions/cn-other").Status)
	require.Equal(t, "cn-2026-08-07", inForce())
	// A version that stands on the same one, and waits while the other comes into force.
	waits := load(me, strings.Replace(notice, "1号", "2号", 1))
	require.NotEqual(t, version, waits)
	a = me.Post("/calendar/adopt", "version", version, "reason", "试办发〔2026〕1号", "confirm", "1")
	require.Equal(t, http.StatusSeeOther, a.Status)
	require.Equal(t, version, inForce())
	require.Contains(t, me.Get(a.To).Body, "The version is in force")
	a = me.Get("/calendar")
	require.Contains(t, a.Body, "试办发〔2026〕1号")
	require.Contains(t, a.Body, root.ID)
	a = me.Post("/calendar/adopt", "version", waits, "reason", "x", "confirm", "1")
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "Another calendar is in force now")
	versions, err := almanac.New(reg, h.DB.Conn(), "", sitetest.Now).Versions(t.Context())
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(versions, func(v almanac.Version) bool { return v.InForce && v.PutBy == root.ID }))
	lines := 0
	require.NoError(t, h.People.Trail.Carry(t.Context(), func(_ context.Context, entries []access.Entry) error {
		for _, e := range entries {
			if e.What == string(access.CalendarManage) && e.TargetID == version && e.UserID == root.ID && e.Outcome == access.Done {
				lines++
			}
		}
		return nil
	}))
	require.Equal(t, 2, lines, "the audit trail has the loading and the putting into force")

	// One step back is known, too: to the version that the one in force stands on.
	require.Contains(t, me.Get("/calendar/versions/cn-2026-08-07").Body, "/calendar/adopt")
	require.NotContains(t, me.Get("/calendar/versions/"+waits).Body, "/calendar/adopt")
}

// load sends a notice as text and gives the version that it became.
func load(r *sitetest.Reader, notice string) string {
	r.T.Helper()
	a := r.Post("/calendar/preview", "notice", notice)
	require.Equal(r.T, http.StatusSeeOther, a.Status, a.Body)
	require.True(r.T, strings.HasPrefix(a.To, "/calendar/versions/"), a.To)
	return strings.TrimPrefix(a.To, "/calendar/versions/")
}

// upload sends a file as a browser does.
func upload(r *sitetest.Reader, name, content string, header ...string) sitetest.Answer {
	r.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	require.NoError(r.T, err)
	_, err = io.WriteString(part, content)
	require.NoError(r.T, err)
	require.NoError(r.T, form.WriteField("notice", ""))
	require.NoError(r.T, form.Close())
	q, err := http.NewRequestWithContext(r.T.Context(), http.MethodPost, r.Base+"/calendar/preview", &body)
	require.NoError(r.T, err)
	q.Header.Set("Content-Type", form.FormDataContentType())
	q.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	res, err := r.Client.Do(q)
	require.NoError(r.T, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	require.NoError(r.T, err)
	return sitetest.Answer{Status: res.StatusCode, Body: string(b), To: res.Header.Get("Location"), Header: res.Header}
}

// A file is taken as YAML, JSON or CSV; what is none, too large or comes from another site
// is refused with a word that helps.
func TestAHolidayNoticeIsUploadedAsAFile(t *testing.T) {
	h := sitetest.NewHouse(t)
	raw, err := os.ReadFile("../../../supervision/calendar/testdata/made-up-2027.yaml")
	require.NoError(t, err)
	h.Add("root", access.Sysadmin)
	me := h.Reader()
	me.SignIn("root")
	require.Contains(t, me.Get("/calendar").Body, `enctype="multipart/form-data"`)

	a := upload(me, "2027.yaml", string(raw))
	require.Equal(t, http.StatusSeeOther, a.Status, a.Body)
	require.Regexp(t, `^/calendar/versions/cn-2026-11-05-[0-9a-f]{8}$`, a.To)
	table := "date,name,isOffDay\n"
	for _, m := range regexp.MustCompile(`name: (\S+), date: (\S+), isOffDay: (\w+)`).FindAllStringSubmatch(string(raw), -1) {
		table += m[2] + "," + m[1] + "," + m[3] + "\n"
	}
	a = upload(me, "2027.csv", "\ufeff"+table)
	require.Equal(t, http.StatusSeeOther, a.Status, a.Body)
	a = upload(me, "2027.csv", strings.Replace(table, "2027-02-20,春节,false", "2027-02-30,春节,false", 1))
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, `line 13: &#34;2027-02-30&#34; is no date`)

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
		a := upload(me, c.name, c.content)
		require.Equal(t, c.status, a.Status, c.want)
		require.Contains(t, a.Body, c.want)
	}
	cross := upload(me, "2027.yaml", string(raw), "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, cross.Status)
}
