package kit

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/dashboards/locale"
	"duban/queries"
	"duban/supervision/lawzone"
)

func english(t *testing.T) Writer {
	t.Helper()
	b, err := locale.Load()
	require.NoError(t, err)
	return Writer{b.Printer(locale.English)}
}

// asked is a request to a site without a database, in English, at noon of 15 June 2026.
func asked(t *testing.T, target string, keep ...string) *Request {
	t.Helper()
	b, err := locale.Load()
	require.NoError(t, err)
	s := &Site{Deps: Deps{Locale: b, Log: slog.New(slog.DiscardHandler), Now: func() time.Time {
		return time.Date(2026, time.June, 15, 4, 0, 0, 0, time.UTC)
	}}}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	r.Header.Set("Accept-Language", "en")
	q, err := s.Begin(r, keep...)
	require.NoError(t, err, target)
	return q
}

// What is nothing is shown as nothing: a rate of no cases is not 0 %, a missing number is not 0.
// Files hold the value itself, however the page writes it.
func TestCellsTellNothingFromNought(t *testing.T) {
	w := english(t)
	var none *float64
	half := 0.5
	for _, c := range []struct {
		name string
		cell Cell
		text string
		raw  any
	}{
		{"count", w.CountCell(uint64(12345)), "12,345", uint64(12345)},
		{"count of nothing", w.CountCell(nil), locale.Null, nil},
		{"nought", w.CountCell(int32(0)), "0", int32(0)},
		{"group without rows", w.ZeroCell(nil), "0", 0},
		{"taken out", w.CountCell(queries.Suppressed{}), locale.Null, nil},
		{"decimal", w.DecimalCell(2.25, 1), "2.3", 2.25},
		{"null pointer", w.DecimalCell(none, 1), locale.Null, nil},
		{"pointer", w.NumberCell(&half), "0.5", &half},
		{"whole number", w.NumberCell(float64(1200)), "1,200", float64(1200)},
		{"hours", w.HoursCell(5.25), "5.3 h", 5.25},
		{"days", w.HoursCell(60.0), "2.5 d", 60.0},
		{"rate", w.RateCell(uint64(3), uint64(4)), "75.0%", 0.75},
		{"rate of nothing", w.RateCell(uint64(0), uint64(0)), locale.Null, nil},
		{"rate without a numerator", w.RateCell(nil, uint64(4)), locale.Null, nil},
		{"text", w.TextCell("办结"), "办结", "办结"},
		{"no text", w.TextCell(""), locale.Null, ""},
		{"yes", w.BoolCell(true), "yes", true},
		{"no", w.BoolCell(false), "no", false},
		{"no instant", w.InstantCell(time.Time{}), locale.Null, nil},
		{"beginning of time", w.InstantCell(time.Unix(0, 0)), locale.Null, nil},
		{"unknown word", w.EnumCell("severity", "mauve"), "mauve", "mauve"},
	} {
		require.Equal(t, c.text, c.cell.Text, c.name)
		require.Equal(t, c.raw, c.cell.Raw, c.name)
	}
	rate := w.RateCell(uint64(3), uint64(4))
	require.Equal(t, "3 / 4", rate.Title, "a rate carries what it is made of")
	require.InDelta(t, 75, *rate.Share, 1e-9)
}

// A due at the end of a day is that day; any other is an instant. Both are of Beijing.
func TestADueIsADayWhereTheDayIsMeant(t *testing.T) {
	w := english(t)
	end := time.Date(2026, time.March, 9, 15, 59, 59, 999e6, time.UTC)
	require.Equal(t, "2026-03-09", w.DueCell(end).Text)
	require.Equal(t, "2026-03-09 23:59:59.999", w.DueCell(end).Title)
	noon := time.Date(2026, time.March, 9, 4, 0, 0, 0, time.UTC)
	require.Equal(t, "2026-03-09 12:00", w.DueCell(noon).Text)
	require.Equal(t, "2026-03-09 12:00:00.000", w.PreciseCell(noon).Text)
	require.Equal(t, noon, w.DueCell(noon).Raw)
	require.Equal(t, locale.Null, w.DueCell(time.Time{}).Text)
}

// A state has a tone beside its word, never instead of it.
func TestStatesHaveATone(t *testing.T) {
	w := english(t)
	for state, tone := range map[string]string{"finished": "good", "closed": "good", "suspended": "warn", "returned": "warn",
		"accepted": "plain"} {
		c := w.StateCell("case_state", state)
		require.Equal(t, tone, c.Tag, state)
		require.NotEmpty(t, c.Text, state)
		require.Equal(t, state, c.Raw, state)
	}
	for outcome, tone := range map[string]string{"on_time": "good", "met": "good", "late": "bad", "overdue": "bad", "missed": "bad",
		"suspended": "warn", "running": "plain", "": ""} {
		require.Equal(t, tone, w.OutcomeCell(outcome).Tag, outcome)
	}
	for state, tone := range map[string]string{"issued": "bad", "escalated": "bad", "appealed": "warn", "review": "warn", "closed": "good",
		"revoked": "plain"} {
		require.Equal(t, tone, w.AlertStateCell(state).Tag, state)
	}
	for severity, tone := range map[string]string{"red": "red", "yellow": "yellow", "warning": "warn", "notice": "plain"} {
		require.Equal(t, tone, w.SeverityCell(severity).Tag, severity)
	}
	require.Empty(t, w.StateCell("case_state", "").Tag)
}

// Columns are named once: what stands in the file and not on the page has no label.
func TestAPageShowsLessThanItsFile(t *testing.T) {
	w := english(t)
	table := &Table{Columns: w.Cols("from", "count:num", "total_hours:hidden"),
		Rows: [][]Cell{{w.TextCell("apply"), w.CountCell(7), w.CountCell(9)}}}
	require.NotEmpty(t, table.Columns[0].Label)
	require.Empty(t, table.Columns[2].Label)
	var keys []string
	for _, c := range table.VisibleColumns() {
		keys = append(keys, c.Key)
	}
	require.Equal(t, []string{"from", "count"}, keys)
	require.Len(t, table.VisibleRows()[0], 2)
	require.Equal(t, "num num", table.VisibleRows()[0][1].Class)
	require.Equal(t, "num", table.Rows[0][1].Class, "the row itself stays as it is")
}

func TestRowsAreReadByTheirKinds(t *testing.T) {
	at := time.Date(2026, time.March, 2, 1, 0, 0, 0, time.UTC)
	f := 2.5
	r := Row{"text": "a", "number": uint32(7), "float": &f, "yes": true, "one": uint8(1), "list": []string{"a", "b"}, "at": at, "null": nil,
		"out": queries.Suppressed{}}
	require.Equal(t, []string{"a", "7", "", "", ""}, []string{r.Text("text"), r.Text("number"), r.Text("null"), r.Text("out"), r.Text("none")})
	require.Equal(t, []string{"a", "b"}, r.Texts("list"))
	require.Empty(t, r.Texts("text"))
	require.True(t, r.Flag("yes") && r.Flag("one"))
	require.False(t, r.Flag("text") || r.Flag("null"))
	require.Equal(t, int64(2), r.Whole("float"))
	require.InDelta(t, 7, r.Number("number"), 0)
	_, ok := r.Num("out")
	require.False(t, ok)
	require.Equal(t, at, r.Instant("at"))
	require.True(t, r.Instant("text").IsZero())
	for _, x := range []any{1, int8(1), int16(1), int32(1), int64(1), uint8(1), uint16(1), uint32(1), uint64(1), float32(1), float64(1)} {
		v, ok := Number(x)
		require.True(t, ok, "%T", x)
		require.InDelta(t, 1, v, 0, "%T", x)
	}
	res := &queries.Result{Columns: []queries.Column{{Name: "a"}}, Rows: [][]any{{"x"}, {"y"}}}
	require.Equal(t, []Row{{"a": "x"}, {"a": "y"}}, RowsOf(res))
}

// Twelve months up to the day, or up to the last fact where nothing came for two months.
func TestThePeriodThatIsShownWhereNoneIsAskedFor(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, lawzone.Zone) }
	for _, c := range []struct {
		asOf, last, from, to time.Time
		ended                bool
	}{
		{day(2026, 6, 15).Add(12 * time.Hour), time.Time{}, day(2025, 7, 1), day(2026, 6, 15), false},
		{day(2026, 6, 15), day(2026, 5, 1), day(2025, 7, 1), day(2026, 6, 15), false},
		{day(2026, 6, 15), day(2026, 4, 15), day(2025, 7, 1), day(2026, 6, 15), false}, // two months to the day
		{day(2026, 6, 15), day(2026, 4, 14), day(2025, 5, 1), day(2026, 4, 14), true},
		{day(2026, 1, 1), time.Time{}, day(2025, 2, 1), day(2026, 1, 1), false},
		// The 31st in Beijing is still the 30th in Greenwich.
		{time.Date(2026, time.March, 30, 20, 0, 0, 0, time.UTC), time.Time{}, day(2025, 4, 1), day(2026, 3, 31), false},
	} {
		from, to, ended := DefaultPeriod(c.asOf, c.last)
		require.True(t, c.from.Equal(from) && c.to.Equal(to), "%s: %s to %s", c.asOf, from, to)
		require.Equal(t, c.ended, ended, c.asOf)
	}
}

// The form of the scope says what is looked at and offers what people ask for most; what the page
// keeps besides stays in it.
func TestTheScopeIsSaidAndOffered(t *testing.T) {
	q := asked(t, "/indicators/D01?region=610802&org=O1&source=hall&from=2026-06-01&to=2026-06-15&by=month&lang=en", "by")
	f := q.ScopeForm(ScopeData{Path: []Row{{"region_code": "610000", "name": "Shaanxi"}, {"region_code": "610802", "name": "Yuyang"}},
		children: []Row{{"region_code": "610802001", "name": "Gulou"}}, org: []Row{{"name": "市局", "name_en": "Bureau"}},
		sources: []Row{{"source_sys": "hall"}, {"source_sys": "12345"}}}, "")
	require.Equal(t, []string{"Yuyang", "Bureau", "hall", "2026-06-01 – 2026-06-15"}, f.Summary)
	require.Equal(t, "/indicators/D01", f.Action)
	require.Equal(t, []string{"2026-06-01", "2026-06-15", ""}, []string{f.From, f.To, f.AsOf})
	var regions []string
	for _, r := range f.Regions {
		regions = append(regions, r.Value)
		require.Equal(t, r.Value == "610802", r.Selected, r.Value)
	}
	require.Equal(t, []string{"", "610000", "610802", "610802001"}, regions)
	require.Equal(t, []Option{{"", "All sources", false}, {"hall", "hall", true}, {"12345", "12345", false}}, f.Sources)
	require.Contains(t, f.Org, "Bureau")
	require.Contains(t, f.Hidden, Hidden{"by", "month"})
	require.Equal(t, "/indicators/D01?lang=en", f.Reset)
	var presets []string
	for _, p := range f.Presets {
		presets = append(presets, p.Text)
		require.Equal(t, p.Text == "This month", p.Current, p.Text)
	}
	require.Equal(t, []string{"This month", "This year", "Last 12 months", "All time"}, presets)
	require.Contains(t, f.Presets[1].Href, "from=2026-01-01")
	require.Contains(t, f.Presets[2].Href, "from=2025-07-01")

	plain := asked(t, "/")
	f = plain.ScopeForm(ScopeData{}, "why")
	require.Equal(t, []string{"All regions", "All departments", "All sources", "All time"}, f.Summary)
	require.Empty(t, f.Reset, "there is nothing to reset")
	require.Equal(t, "why", f.Assumed)
	require.Equal(t, "through 2026-06-15", asked(t, "/?to=2026-06-15").period())
	require.Equal(t, "since 2026-06-01", asked(t, "/?from=2026-06-01").period())
	unknown := asked(t, "/?region=999999")
	require.Equal(t, "999999", unknown.ScopeForm(ScopeData{}, "").Summary[0], "an unknown division is named as it was asked for")
	crumbs := q.Crumbs([]Row{{"region_code": "610000", "name": "Shaanxi"}, {"region_code": "610802", "name": "Yuyang"}})
	require.Len(t, crumbs, 3)
	require.True(t, crumbs[2].Current)
	require.NotContains(t, crumbs[0].Href, "region=")
}

// A long list is led through page by page, with its filters.
func TestALongListHasPages(t *testing.T) {
	q := asked(t, "/cases?page=3&state=late&lang=en", "page", "state")
	n, err := q.PageNumber()
	require.NoError(t, err)
	require.Equal(t, 3, n)
	p := q.Pages(n, 20, 120) // the last of 120
	require.Equal(t, "101–120", p.Text)
	require.Equal(t, "/cases?lang=en&page=2&state=late", p.Prev)
	require.Empty(t, p.Next)
	require.Equal(t, "/cases?lang=en&page=2&state=late", q.Pages(1, PageRows, 51).Next)
	require.Empty(t, q.Pages(1, PageRows, PageRows).Next)
	require.Equal(t, Pager{}, q.Pages(1, 0, 0))
	for _, wrong := range []string{"0", "-1", "x", "1.5", "1000001"} {
		_, err := asked(t, "/cases?page="+wrong).PageNumber()
		var bad *BadAddressError
		require.ErrorAs(t, err, &bad, wrong)
	}
	n, err = asked(t, "/cases").PageNumber()
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, MostFileRows, q.FileLimit())
	q.FileRows = 5
	require.Equal(t, 5, q.FileLimit())

	choice := q.Choice("state", "state", "case_state", []string{"late", "open"})
	require.Equal(t, []string{"", "late", "open"}, []string{choice.Options[0].Value, choice.Options[1].Value, choice.Options[2].Value})
	require.True(t, choice.Options[1].Selected)
	require.False(t, choice.Options[0].Selected)
}

// A page that cannot tell what was known then refuses to be asked, and nobody knows what will be.
func TestOnlyPagesThatCanTellAreAskedAsKnownThen(t *testing.T) {
	q := asked(t, "/indicators/D01?known_at=2026-06-01T12:00", "known_at")
	require.Equal(t, "2026-06-01T04:00:00Z", q.KnownAt.UTC().Format(time.RFC3339))
	for _, target := range []string{"/cases?known_at=2026-06-01", "/indicators/D01?known_at=2026-06-16", "/indicators/D01?known_at=soon"} {
		var keep []string
		if target[1] == 'i' {
			keep = []string{"known_at"}
		}
		_, err := q.Begin(httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil), keep...)
		require.ErrorContains(t, err, "known_at", target)
	}
}

// A day of an explanation says what it is for the clock; days that do not count have no number.
func TestADayOfAClockIsExplained(t *testing.T) {
	q := asked(t, "/?lang=en")
	day := time.Date(2026, time.May, 9, 0, 0, 0, 0, lawzone.Zone) // a Saturday that works
	v := q.DayView(DayExplanation{Day: day, Role: "counted", Reason: "make_up_workday", Counted: 3})
	require.Equal(t, "2026-05-09", v.Day)
	require.Equal(t, "3", v.Counted)
	require.Equal(t, q.Weekday(day), v.Weekday)
	for _, role := range []string{"skipped", "start", "paused"} {
		require.Empty(t, q.DayView(DayExplanation{Day: day, Role: role, Reason: "holiday", Counted: 3}).Counted, role)
	}
	v = q.DayView(DayExplanation{Day: day, Role: "skipped", Reason: "holiday", Name: "劳动节", Note: "by decree"})
	require.Contains(t, v.Text, " · 劳动节 · by decree")
}

// Links to subjects keep the instant and the language, and nothing of the list that they stand in;
// a number of dots and slashes is still one part of a path.
func TestLinksToSubjectsKeepTheInstant(t *testing.T) {
	q := asked(t, "/cases?region=610802&as_of=2026-06-01T12:00&lang=en")
	require.Equal(t, "/cases/hall/a%2Fb%3Fc?as_of=2026-06-01T12%3A00%3A00&lang=en", q.CaseCell("hall", "a/b?c").Href)
	require.Equal(t, "/cases/hall/%2E%2E", SubjectPath("cases", "hall", ".."))
	n := Names{regions: map[string]string{"610802": "Yuyang"}, Orgs: map[string]string{"O1": "Bureau"}, items: map[string]string{}}
	require.Equal(t, "Yuyang", q.RegionCell(n, "610802").Text)
	require.Contains(t, q.RegionCell(n, "610802").Href, "/regions/610802?")
	require.Empty(t, q.RegionCell(n, "none").Href)
	require.Equal(t, "Bureau", q.OrgCell(n, "O1").Text)
	require.Equal(t, "O2", q.OrgCell(n, "O2").Text, "without a name the code stands")
	require.Equal(t, locale.Null, q.OrgCell(n, "").Text)
	require.Equal(t, "T1", q.ItemCell(n, "T1").Text)
	require.Equal(t, "R-DDL-04", q.RuleCell("R-DDL-04").Text, "a rule that the program does not know")
}
