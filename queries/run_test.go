package queries_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/internal/store/storetest"
	"duban/queries"
)

// texts are small statements that are part of no program; each names its rows by n.
func texts(t *testing.T) *queries.Registry {
	t.Helper()
	reg, err := queries.Load()
	require.NoError(t, err)
	for name, text := range map[string]string{
		"test/numbers": "-- purpose: numbers\n-- grain: one row per number\n-- param: upto UInt64 = how many\n" +
			"-- column: n UInt64 = the number\n" +
			"SELECT number AS n FROM numbers({upto:UInt64}) ORDER BY n",
		"test/brought": "-- purpose: rows that travel along\n-- grain: one row per row\n-- column: name String = name\n" +
			"-- column: days Nullable(Int32) = days\n" +
			"SELECT name, days FROM brought ORDER BY name",
		"test/make": "-- purpose: a table\n-- grain: none\nCREATE TABLE kept (n UInt64, of String) ENGINE = MergeTree ORDER BY n",
		"test/keep": "-- purpose: keep rows\n-- grain: one row per row\n-- param: of String = whose\n" +
			"INSERT INTO kept SELECT n, {of:String} FROM ({{rows}})",
		"test/keep_2": "-- purpose: keep rows\n-- grain: one row per row\nINSERT INTO kept SELECT n, of FROM ({{rows}})",
		"test/each": "-- purpose: name rows\n-- grain: one row per row\n-- param: of String = whose\n" +
			"SELECT n, {of:String} AS of FROM ({{rows}})",
		"test/kept": "-- purpose: what was kept\n-- grain: one row per group\n-- column: of String = whose\n-- column: n UInt64 = how many\n" +
			"SELECT of, count() AS n FROM kept GROUP BY of ORDER BY of",
		"test/wrong": "-- purpose: no such table\n-- grain: none\nSELECT n FROM nowhere",
	} {
		require.NoError(t, reg.Add(name, text), name)
	}
	return reg
}

// Statements are run by their names, whole, in batches, over the rows of others, and within
// limits: what would be more is refused and never cut off.
func TestStatementsAreRunByTheirNames(t *testing.T) {
	db, reg := storetest.Empty(t), texts(t)
	seen := map[string]int{}
	reg.Observe(func(name string, took time.Duration) {
		seen[name]++
		require.GreaterOrEqual(t, took, time.Duration(0))
	})
	ctx, on := t.Context(), reg.On(db.Conn())

	res, err := on.Run(ctx, "test/numbers", queries.Args{"upto": 3})
	require.NoError(t, err)
	require.Equal(t, [][]any{{uint64(0)}, {uint64(1)}, {uint64(2)}}, res.Rows)
	require.Equal(t, "the number", res.Columns[0].Help)
	require.Equal(t, 1, seen["test/numbers"])

	var sizes []int
	require.NoError(t, on.Stream(ctx, "test/numbers", queries.Args{"upto": 7}, 3, func(r *queries.Result) error {
		sizes = append(sizes, len(r.Rows))
		return nil
	}))
	require.Equal(t, []int{3, 3, 1}, sizes)
	enough := errors.New("enough")
	require.ErrorIs(t, on.Stream(ctx, "test/numbers", queries.Args{"upto": 7}, 3, func(*queries.Result) error { return enough }), enough)
	require.NoError(t, on.Stream(ctx, "test/numbers", queries.Args{"upto": 0}, 3, func(*queries.Result) error { return enough }),
		"nothing to hand over")

	_, err = on.Run(queries.Within(ctx, queries.Limits{Rows: 5, Bytes: 1 << 20}), "test/numbers", queries.Args{"upto": 6})
	var much *queries.TooMuchError
	require.ErrorAs(t, err, &much)
	require.ErrorContains(t, err, "over 5 rows or 1048576 bytes: ask by fewer dimensions")
	require.True(t, queries.Refused(err) || errors.As(err, &much))
	_, err = on.Run(queries.Within(ctx, queries.Limits{Rows: 5, Bytes: 1 << 20}), "test/numbers", queries.Args{"upto": 5})
	require.NoError(t, err)
	_, err = on.Run(queries.OneThread(queries.InPieces(queries.Known(ctx, "by-name"), time.Minute)), "test/numbers", queries.Args{"upto": 5})
	require.NoError(t, err)

	_, err = on.Run(ctx, "test/wrong", nil)
	require.True(t, queries.Refused(err), "the server said no")
	require.ErrorContains(t, err, "run query test/wrong")
	_, err = on.Run(ctx, "test/numbers", nil)
	require.ErrorContains(t, err, "upto", "what is not optional has to be given")
	require.False(t, queries.Refused(err))
	_, err = on.Run(ctx, "test/number", nil)
	require.ErrorContains(t, err, "test/numbers", "the nearest name is told")

	require.NoError(t, reg.Exec(ctx, db.Conn(), "test/make", nil))
	require.NoError(t, reg.ExecOver(ctx, db.Conn(), "test/keep", "test/numbers", queries.Args{"upto": 4, "of": "one"}))
	// Two parts of one statement give one parameter different values.
	require.NoError(t, reg.ExecOverAll(ctx, db.Conn(), "test/keep_2", "test/each", []queries.Part{
		{Rows: "test/numbers", Args: queries.Args{"upto": 2, "of": "two"}}, {Rows: "test/numbers", Args: queries.Args{"upto": 5,
			"of": "three"}}}))
	res, err = on.Run(ctx, "test/kept", nil)
	require.NoError(t, err)
	require.Equal(t, [][]any{{"one", uint64(4)}, {"three", uint64(5)}, {"two", uint64(2)}}, res.Rows)
	require.ErrorContains(t, reg.ExecOver(ctx, db.Conn(), "test/keep", "test/none", nil), "there is no query")
	require.ErrorContains(t, reg.ExecOver(ctx, db.Conn(), "test/keep", "test/wrong", queries.Args{"of": "x"}),
		"run statement test/keep over test/wrong")
	require.ErrorContains(t, reg.ExecOverAll(ctx, db.Conn(), "test/keep_2", "test/each", []queries.Part{{Rows: "test/numbers"}}),
		"query test/each over test/numbers needs the parameter of (String): whose")

	// Rows that travel along are stored nowhere; null stays null.
	with, err := queries.WithTable(ctx, queries.Table{Name: "brought", Columns: []queries.Column{{Name: "name", Type: "String"},
		{Name: "days", Type: "Nullable(Int32)"}}, Rows: [][]any{{"a", int32(7)}, {"b", nil}}})
	require.NoError(t, err)
	res, err = on.Run(with, "test/brought", nil)
	require.NoError(t, err)
	require.Equal(t, [][]any{{"a", int32(7)}, {"b", nil}}, res.Rows)
	_, err = on.Run(ctx, "test/brought", nil)
	require.Error(t, err, "the next question has not got them")
	_, err = queries.WithTable(ctx, queries.Table{Name: "brought", Columns: []queries.Column{{Name: "n", Type: "UInt64"}},
		Rows: [][]any{{"x"}}})
	require.ErrorContains(t, err, "put row 1 into table brought")
}

// A text of a jurisdiction is held to its header like those of the program.
func TestATextThatIsAddedIsChecked(t *testing.T) {
	reg := texts(t)
	for want, text := range map[string]string{
		"purpose": "-- grain: none\nSELECT 1",
		"limit":   "-- purpose: x\n-- grain: none\nSELECT number FROM numbers({limit:UInt64})",
		"none":    "-- purpose: x\n-- grain: none\n-- include: none\n{{none}}",
	} {
		require.ErrorContains(t, reg.Add("rule/R-X", text), want)
		_, err := reg.Get("rule/R-X")
		require.Error(t, err, "what is refused is not there")
	}
	other, err := queries.Load()
	require.NoError(t, err)
	_, err = other.Get("test/numbers")
	require.Error(t, err, "what one registry was given another has not")
}

// An answer that stands for another query has its explanations.
func TestAnAnswerCanStandForAnotherQuery(t *testing.T) {
	reg := texts(t)
	res := &queries.Result{Columns: []queries.Column{{Name: "n", Help: "of the ledger"}, {Name: "more", Help: "too"}}}
	require.NoError(t, reg.AnswerOf(res, "test/numbers"))
	require.Equal(t, "test/numbers", res.Query.Name)
	require.Equal(t, []string{"the number", ""}, []string{res.Columns[0].Help, res.Columns[1].Help})
	require.ErrorContains(t, reg.AnswerOf(res, "test/none"), "there is no query")
}
