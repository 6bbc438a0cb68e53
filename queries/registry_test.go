package queries

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"duban/supervision/lawzone"
)

const wellFormed = "-- purpose: count things\n-- grain: one row\n-- column: n UInt64 = how many\n"

// one is a registry of one query with these header lines and this text.
func one(lines, text string) (*Registry, error) {
	return load(fstest.MapFS{"page/q.sql": {Data: []byte(wellFormed + lines + text)}})
}

// What a header says of parameters is what the text uses, or the start of the program
// names the query, the parameter and both types.
func TestParametersAreThoseOfTheText(t *testing.T) {
	for rule, v := range map[string]struct{ lines, text, want string }{
		"as declared": {"-- param: a UInt8 = number\n", "SELECT {a:UInt8} AS n", ""},
		"used twice":  {"-- param: a UInt8 = number\n", "SELECT {a:UInt8} + {a:UInt8} AS n", ""},
		"a list":      {"-- param: a Array(String) ? = words; empty means all\n", "SELECT length({a:Array(String)}) AS n", ""},
		"not used":    {"-- param: a UInt8 = number\n", "SELECT 1 AS n", "page/q: parameter a is declared and not used"},
		"not declared": {"", "SELECT {a:UInt8} AS n",
			"page/q: parameter a is used and not declared"},
		"of another type": {"-- param: a UInt8 = number\n", "SELECT {a:UInt64} AS n",
			"page/q: parameter a is declared as UInt8 and used as UInt64"},
		"all that is wrong at once": {"-- param: a UInt8 = number\n", "SELECT {b:String} AS n",
			"page/q: parameter a is declared and not used; parameter b is used and not declared"},
		"a line that cannot be read": {"-- param: a = number\n", "SELECT 1 AS n",
			"page/q line 4: want `param: name Type [?] = help`, got \"a = number\""},
		"a column that cannot be read": {"-- column: n\n", "SELECT 1 AS n",
			"page/q line 4: want `column: name Type = help`, got \"n\""},
		"a fragment that is not there": {"-- include: nowhere\n", "SELECT {{nowhere}} AS n", "page/q includes the unknown fragment nowhere"},
		"a macro that nobody brings":   {"", "SELECT {{nowhere}} AS n", "page/q uses {{nowhere}}, which no include line brings in"},
		"a plain comment says nothing": {"-- This is why: because.\n", "SELECT 1 AS n", ""},
	} {
		_, err := one(v.lines, v.text)
		if v.want == "" {
			require.NoError(t, err, rule)
			continue
		}
		require.EqualError(t, err, v.want, rule)
	}
}

// A reference that comes back to itself ends with an error and not with the memory.
func TestFragmentsThatIncludeEachOtherAreRefused(t *testing.T) {
	_, err := load(fstest.MapFS{
		"page/q.sql":     {Data: []byte(wellFormed + "-- include: a\n{{a}}")},
		"fragment/a.sql": {Data: []byte("-- include: b\n({{b}})")},
		"fragment/b.sql": {Data: []byte("-- include: a\n({{a}})")},
	})
	require.ErrorContains(t, err, "page/q: fragments include each other without end")
}

// All files that are wrong are named in one go.
func TestEveryProblemIsToldAtOnce(t *testing.T) {
	_, err := load(fstest.MapFS{
		"page/a.sql":       {Data: []byte("SELECT 1")},
		"page/b.sql":       {Data: []byte(wellFormed + "SELECT {x:UInt8} AS n")},
		"dimension/d.yaml": {Data: []byte("- {name: x, colour: red}")},
	})
	require.ErrorContains(t, err, "page/a: a query needs a purpose line and a text")
	require.ErrorContains(t, err, "page/b: parameter x is used and not declared")
	require.ErrorContains(t, err, "dimension/d.yaml")
}

// A question by a name that does not exist is answered with the names that were meant.
func TestAnUnknownNameIsAnsweredWithNearOnes(t *testing.T) {
	known := []string{"indicator/C01", "indicator/D01", "page/case", "page/cases", "quality/lags"}
	for name, want := range map[string]string{
		"page/case2":  `there is no query "page/case2"; page/ has: page/case, page/cases`,
		"case":        `there is no query "case"; did you mean: page/case, page/cases`,
		"CASES":       `there is no query "CASES"; did you mean: page/cases`,
		"indicator/1": `there is no query "indicator/1"; did you mean: indicator/C01, indicator/D01`,
		"weather":     "there is no query \"weather\"; the families are indicator/…, page/…, quality/…; `duban query` lists all",
	} {
		require.EqualError(t, &UnknownQueryError{Name: name, Known: known}, want)
	}
	reg, err := one("", "SELECT 1 AS n")
	require.NoError(t, err)
	_, err = reg.Get("page/Q")
	require.ErrorContains(t, err, "did you mean: page/q")
	_, err = reg.Text("nothing")
	require.ErrorContains(t, err, "there is no query")
}

// The SQL of a rule of the jurisdiction is checked as those of the program are, and one that
// is wrong does not take the place of one that is right.
func TestAQueryThatIsAddedIsCheckedFirst(t *testing.T) {
	reg, err := one("", "SELECT 1 AS n")
	require.NoError(t, err)
	require.NoError(t, reg.Add("rule/R-XYZ-01", wellFormed+"SELECT 2 AS n"))
	text, err := reg.Text("rule/R-XYZ-01")
	require.NoError(t, err)
	require.Equal(t, "SELECT 2 AS n", text)
	for rule, v := range map[string]struct{ text, want string }{
		"without a purpose":       {"SELECT 3 AS n", "rule/R-XYZ-01: a query needs a purpose line and a text"},
		"with a parameter of own": {wellFormed + "SELECT {mine:String} AS n", "parameter mine is used and not declared"},
		"with an unknown macro":   {wellFormed + "SELECT {{mine}} AS n", "which no include line brings in"},
	} {
		require.ErrorContains(t, reg.Add("rule/R-XYZ-01", v.text), v.want, rule)
	}
	text, err = reg.Text("rule/R-XYZ-01")
	require.NoError(t, err)
	require.Equal(t, "SELECT 2 AS n", text)
}

func TestGroupingIsRefusedWithTheWaysThereAre(t *testing.T) {
	files := small()
	files["dimension/d.yaml"].Data = append(files["dimension/d.yaml"].Data,
		[]byte("- {name: attribute, sql: \"attributes[{name:String}]\", zh: 属性, en: attribute, named: true}\n"+
			"- {name: year, sql: y, zh: 年, en: year}\n")...)
	files["page/plain.sql"] = &fstest.MapFile{Data: []byte(wellFormed + "SELECT 1 AS n")}
	r, err := load(files)
	require.NoError(t, err)
	const ways = "place, day, month, attribute:NAME, year"
	for _, v := range []struct {
		query string
		by    []string
		want  string
	}{
		{"page/plain", []string{"place"}, "query page/plain cannot be grouped"},
		{"page/q", []string{"colour"}, `page/q cannot be grouped by "colour"; it can be by: ` + ways},
		{"page/q", []string{"attribute"}, `page/q cannot be grouped by "attribute"; it can be by: ` + ways},
		{"page/q", []string{"attribute:"}, `cannot be grouped by "attribute:"`},
		{"page/q", []string{"place:x"}, `cannot be grouped by "place:x"`},
		{"page/q", []string{"place", "place"}, `page/q cannot be grouped by "place" twice: each once, of ` + ways},
		{"page/q", []string{"place", "day", "month", "year", "attribute:x"}, "page/q cannot be grouped by 5 dimensions: by 4 at most of " + ways},
	} {
		_, err := r.Text(v.query, v.by...)
		require.ErrorContains(t, err, v.want)
	}
	// A name is a parameter and never part of the text.
	text, err := r.Text("page/q", "attribute:'; DROP TABLE t", "attribute:status")
	require.NoError(t, err)
	require.Contains(t, text, "SELECT attributes[{attribute_1:String}] AS `attribute_1`, attributes[{attribute_2:String}] AS `attribute_2`, ")
	require.NotContains(t, text, "DROP")
	q, err := r.Get("page/q")
	require.NoError(t, err)
	require.Len(t, r.Dimensions(q), 4)
	require.Len(t, r.NamedDimensions(q), 1)
}

// Migrations run in the order of their numbers, and are known by what they do: a comment may be
// mended.
func TestMigrationsAreOrderedAndKnownByTheirText(t *testing.T) {
	r, err := load(fstest.MapFS{
		"schema/0010_b.sql": {Data: []byte("CREATE TABLE b (n UInt8) ENGINE = Memory")},
		"schema/0002_a.sql": {Data: []byte("CREATE TABLE a (n UInt8) ENGINE = Memory;\n")},
	})
	require.NoError(t, err)
	require.Len(t, r.migrations, 2)
	require.Equal(t, "0002_a", r.migrations[0].Name)
	require.Equal(t, "0010_b", r.migrations[1].Name)
	require.NotEqual(t, r.migrations[0].Checksum, r.migrations[1].Checksum)
	require.Equal(t, r.migrations[0].Checksum, newMigration("0002_a", "CREATE TABLE a (n UInt8) ENGINE = Memory;\n").Checksum)
}

// Values go to the server in its own spelling; what is missing, of another kind or unknown is
// refused with the name of the query and of the parameter.
func TestArgumentsAreBoundByTheirTypes(t *testing.T) {
	reg, err := one("-- param: at DateTime64(3,'UTC') = when\n-- param: n UInt32 = how many\n"+
		"-- param: words Array(String) ? = which\n-- param: who String ? = whom\n",
		"SELECT {at:DateTime64(3,'UTC')}, {n:UInt32}, {words:Array(String)}, {who:String} AS n")
	require.NoError(t, err)
	q, err := reg.Get("page/q")
	require.NoError(t, err)
	at := time.Date(2026, 3, 1, 0, 0, 0, 123e6, lawzone.Zone)
	for rule, args := range map[string]Args{
		"complete":                      {"at": at, "n": 5, "words": []string{"a"}, "who": "x"},
		"optional ones may be left out": {"at": at, "n": uint64(5)},
	} {
		_, err := q.Bind(args)
		require.NoError(t, err, rule)
	}
	for rule, v := range map[string]struct {
		args Args
		want string
	}{
		"a missing one":          {Args{"at": at}, "n"},
		"one that nobody knows":  {Args{"at": at, "n": 5, "colour": "red"}, "colour"},
		"one of no kind at all":  {Args{"at": at, "n": struct{}{}}, "n"},
		"nothing where a number": {Args{"at": at, "n": nil, "who": make(chan int)}, "who"},
	} {
		_, err := q.Bind(v.args)
		require.ErrorContains(t, err, v.want, rule)
		require.ErrorContains(t, err, "page/q", rule)
	}
}

func TestNumbersAreReadOfWhateverKind(t *testing.T) {
	f, n := 1.5, uint64(7)
	for _, v := range []struct {
		in   any
		want float64
		ok   bool
	}{
		{int8(-3), -3, true}, {uint64(1 << 40), 1 << 40, true}, {float32(0.5), 0.5, true}, {&f, 1.5, true}, {&n, 7, true},
		{nil, 0, false}, {(*float64)(nil), 0, false}, {"7", 0, false}, {Suppressed{}, 0, false}, {[]int{1}, 0, false},
	} {
		got, ok := Number(v.in)
		require.Equal(t, v.ok, ok, "%v", v.in)
		require.InDelta(t, v.want, got, 0)
	}
	require.Empty(t, Text(Suppressed{}), "too few people to be told of")
	require.Equal(t, "a > b", Text([]string{"a", "b"}))
	require.Equal(t, "k=1 > l=2", Text(map[string]int{"l": 2, "k": 1}))
}

// ClickHouse types are compared as they read, whatever their storage.
func TestTypesAreTakenApart(t *testing.T) {
	for in, want := range map[string][]string{
		"String":                           {"String"},
		"String, UInt8":                    {"String", " UInt8"},
		"Map(String, Array(UInt8)), Int64": {"Map(String, Array(UInt8))", " Int64"},
	} {
		require.Equal(t, want, splitTypes(in))
	}
	for _, v := range [][2]string{
		{"LowCardinality(String)", "String"}, {"Enum8('a' = 1)", "String"}, {"Nullable(DateTime64(3, 'UTC'))", "Nullable(DateTime64(3,'UTC'))"},
		{"Array(LowCardinality(String))", "Array(String)"}, {"Map(LowCardinality(String), Float64)", "Map(String, Float64)"},
	} {
		require.Equal(t, plainType(v[1]), plainType(v[0]))
	}
	require.NotEqual(t, plainType("Nullable(String)"), plainType("String"))
}

// A statement that only changes something has no columns to declare.
func TestAQuestionIsToldFromAStatement(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT 1": true, "WITH 1 AS x SELECT x": true, "(SELECT 1)": true, "-- why\nSELECT 1": true, "EXPLAIN SELECT 1": true,
		"INSERT INTO t SELECT 1": false, "ALTER TABLE t DELETE WHERE 1": false, "": false, "SYSTEM STOP MERGES": false,
	} {
		require.Equal(t, want, returnsRows(text), text)
	}
}
