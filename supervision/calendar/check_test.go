package calendar_test

import (
	"os"
	"strings"
	"testing"

	"duban/supervision/calendar"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notice2027 is made up, in the way of the notices of 2025 and 2026.
func notice2027(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/made-up-2027.yaml")
	require.NoError(t, err)
	return raw
}

func TestAMadeUpNoticeOf2027IsRead(t *testing.T) {
	n, problems := calendar.ReadNotice("2027.yaml", notice2027(t))
	require.Empty(t, problems)
	assert.Equal(t, 2027, n.Year)
	assert.Equal(t, "2026-11-05", n.Issued)
	assert.Len(t, n.Days, 32)
	base := load(t, calendar.DefaultVersion)
	problems, remarks := base.Check(n)
	assert.Empty(t, problems)
	assert.Empty(t, remarks)

	is, err := base.Revise("own", n)
	require.NoError(t, err)
	assert.True(t, is.Holds(2027))
	assert.False(t, base.Holds(2027))
	assert.False(t, is.IsWorkday(day(t, "2027-01-01")))
	assert.True(t, is.IsWorkday(day(t, "2027-02-20")), "make-up Saturday")
	assert.False(t, is.Provisional(day(t, "2026-12-31")))
	assert.Equal(t, base.AddWD(day(t, "2026-11-02"), 20), is.AddWD(day(t, "2026-11-02"), 20))

	// The same notice as JSON and as a table, and again from its own text.
	same, err := calendar.ParseNotice([]byte(n.Text()))
	require.NoError(t, err)
	assert.Equal(t, n.Text(), same.Text())
	tabs := strings.ReplaceAll(strings.ReplaceAll(n.Text(), ",{", ",\n\t{"), `"days"`, "\t\"days\"")
	fromJSON, problems := calendar.ReadNotice("2027.json", []byte(tabs))
	require.Empty(t, problems)
	assert.Equal(t, n.Text(), fromJSON.Text())
	assert.Equal(t, 3, fromJSON.Days[2].Line)
	table := "date,name,isOffDay\n"
	for _, d := range n.Days {
		table += d.Day.String() + "," + d.Name + "," + map[bool]string{true: "true", false: "false"}[d.Off] + "\n"
	}
	fromTable, problems := calendar.ReadNotice("2027.CSV", []byte(table))
	require.Empty(t, problems)
	assert.Equal(t, 2027, fromTable.Year)
	assert.Len(t, fromTable.Days, 32)
}

// What no notice can say is refused with its line.
func TestAnImpossibleNoticeIsRefusedWithLineAndReason(t *testing.T) {
	base := load(t, calendar.DefaultVersion)
	good := string(notice2027(t))
	for _, v := range []struct{ name, old, text, line, want string }{
		{"make-up day on a weekday", "{name: 春节, date: 2027-02-20, isOffDay: false}", "{name: 春节, date: 2027-02-18, isOffDay: false}", "line 18",
			"only a Saturday or Sunday"},
		{"day listed twice", "{name: 元旦, date: 2027-01-02, isOffDay: true}", "{name: 元旦, date: 2027-01-01, isOffDay: true}", "line 8",
			"stands twice; it was named in line 7"},
		{"day of another year", "date: 2027-01-03", "date: 2028-01-03", "line 9", "does not belong to the notice of 2027"},
		{"early December of the year before", "date: 2027-01-03", "date: 2026-12-12", "line 9", "does not belong to the notice of 2027"},
		{"off by law, made to work", "date: 2027-05-01, isOffDay: true", "date: 2027-05-01, isOffDay: false", "line 23",
			"off by law (劳动节, 国务院令第795号 article 2)"},
		{"off by law, not named", "  - {name: 国庆节, date: 2027-10-01, isOffDay: true}\n", "", "", "2027-10-01 is off by law (国庆节"},
		{"a lunar holiday one day late", "{name: 端午节, date: 2027-06-09, isOffDay: true}", "{name: 端午节, date: 2027-06-10, isOffDay: true}", "",
			"2027-06-09 is off by law (端午节"},
		{"no date", "date: 2027-01-03", "date: 3 January", "line 9", `"3 January" is not a day`},
		{"neither true nor false", "date: 2027-01-03, isOffDay: true", "date: 2027-01-03, isOffDay: maybe", "line 9", "isOffDay"},
		{"unknown key", "issued:", "isued:", "line 4", `unknown key "isued"`},
		{"unknown key of a day", "{name: 元旦, date: 2027-01-03,", "{nam: 元旦, date: 2027-01-03,", "line 9", `unknown key "nam"`},
		{"year of words", "year: 2027", "year: next", "line 2", "not a year"},
		{"broken", "days:", "days: [", "line", ""},
	} {
		text := strings.Replace(good, v.old, v.text, 1)
		require.NotEqual(t, good, text, v.name)
		n, problems := calendar.ReadNotice("2027.yaml", []byte(text))
		if len(problems) == 0 {
			problems, _ = base.Check(n)
		}
		require.NotEmpty(t, problems, v.name)
		all := ""
		for _, p := range problems {
			all += p.String() + "\n"
		}
		assert.Contains(t, all, v.line, v.name)
		assert.Contains(t, all, v.want, v.name)
	}
	for name, text := range map[string]string{"empty": "", "list": "- 1", "number": "7", "no days": "year: 2027",
		"days no list": "year: 2027\ndays: 3", "two documents": "year: 2027\n---\nyear: 2028\n"} {
		_, problems := calendar.ReadNotice("x.yaml", []byte(text))
		assert.NotEmpty(t, problems, name)
	}
	problems, _ := base.Check(calendar.Notice{Year: 2027})
	assert.NotEmpty(t, problems)
	_, problems = calendar.ReadNotice("x.json", make([]byte, calendar.MaxNoticeBytes+1))
	assert.NotEmpty(t, problems)
	_, problems = calendar.ReadNotice("x.csv", []byte("day,name\n"))
	assert.Len(t, problems, 2)
}

// A day that the notice of another year decided the other way round.
func TestANoticeThatContradictsItsNeighbourIsRefused(t *testing.T) {
	base, err := calendar.New("own",
		[]calendar.Notice{{Year: 2028, Days: []calendar.NoticeDay{{Day: day(t, "2027-12-31"), Name: "元旦", Off: true}}}})
	require.NoError(t, err)
	n, problems := calendar.ReadNotice("2027.yaml", []byte(strings.Replace(string(notice2027(t)), "days:\n", "days:\n  - {name: 元旦, date: "+
		"2027-12-25, isOffDay: false}\n", 1)))
	require.Empty(t, problems)
	n.Days[0].Day = day(t, "2027-12-31")
	problems, _ = base.Check(n)
	var codes []string
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	assert.Contains(t, codes, "overlap")
}

// The notices of nineteen years are possible, each with those before it; the
// parade of 2015 is remarked, and the second notice of 2020, which names a plain
// Monday as a working day, is what a make-up day cannot be.
func TestEveryNoticeThatCameIsPossible(t *testing.T) {
	for year := 2008; year <= 2026; year++ {
		before, _ := beforeAndAfter(t, year)
		problems, remarks := before.Check(noticeOf(t, year))
		assert.Empty(t, problems, year)
		assert.Empty(t, remarks, year)
	}
	read := func(name string, before *calendar.Calendar) ([]calendar.Problem, []calendar.Problem) {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		n, problems := calendar.ReadNotice(name, raw)
		require.Empty(t, problems)
		return before.Check(n)
	}
	before, _ := beforeAndAfter(t, 2015)
	problems, remarks := read("data/2015.json", before)
	assert.Empty(t, problems)
	assert.Len(t, remarks, 3, "Thursday 3, Friday 4 and Sunday 6 September")
	before, _ = beforeAndAfter(t, 2020)
	problems, _ = read("data/2020.json", before)
	require.Len(t, problems, 1)
	assert.Equal(t, "make_up_weekday", problems[0].Code)
}

func FuzzReadNotice(f *testing.F) {
	f.Add("a.yaml", []byte("year: 2027\ndays:\n  - {name: 元旦, date: 2027-01-01, isOffDay: true}\n"))
	f.Add("a.json", []byte(`{"year":2027,"days":[{"name":"x","date":"2027-01-01","isOffDay":true}]}`))
	f.Add("a.csv", []byte("date,name,isOffDay\n2027-01-01,x,true\n"))
	f.Add("a.yaml", []byte("days: &a [*a]"))
	base, err := calendar.Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		n, problems := calendar.ReadNotice(name, data)
		if len(problems) > 0 {
			return
		}
		if problems, _ = base.Check(n); len(problems) > 0 {
			return
		}
		if _, err := base.Revise("fuzz", n); err != nil {
			t.Fatalf("a notice without problems makes no calendar: %v", err)
		}
	})
}

func TestChangesAreTheDaysThatTwoVersionsJudgeDifferently(t *testing.T) {
	was := load(t, calendar.DefaultVersion)
	n, problems := calendar.ReadNotice("2027.yaml", notice2027(t))
	require.Empty(t, problems)
	is, err := was.Revise("own", n)
	require.NoError(t, err)
	changes := calendar.Changes(was, is)
	require.NotEmpty(t, changes)
	assert.Equal(t, "2026-12-26", changes[0].Was.Day.String(), "a Saturday that a notice could have made work")
	works := map[string]bool{}
	for _, c := range changes {
		if c.Was.Day.Year() == 2027 && c.Was.Workday != c.Is.Workday {
			works[c.Was.Day.String()] = c.Is.Workday
		}
	}
	assert.True(t, works["2027-02-20"])
	assert.Contains(t, works, "2027-02-11")
	assert.Empty(t, calendar.Changes(was, was))
}

// A file that is no text in UTF-8 says so, where, and what to do.
func TestAFileInAnotherEncodingIsNamed(t *testing.T) {
	for _, c := range []struct{ name, data, code, text string }{
		{"2027.xlsx", "PK\x03\x04\x14\x00", "workbook", "the file is a workbook"},
		{"2027.csv", "date,name,isOffDay\n2027-01-01,\xd4\xaa\xb5\xa9,true\n", "encoding", "line 2: the text is not UTF-8"},
		{"2027.yaml", "\xff\xfey\x00e\x00", "encoding", "line 1: the text is not UTF-8"},
	} {
		_, problems := calendar.ReadNotice(c.name, []byte(c.data))
		require.Len(t, problems, 1, c.name)
		assert.Equal(t, c.code, problems[0].Code)
		assert.Contains(t, problems[0].String(), c.text)
	}
}
