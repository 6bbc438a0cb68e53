package importer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/ingest/importer/rows"
)

func hostileParquet(name string) string { return filepath.Join(testdata, "hostile", "parquet", name) }

// cellsOf reads one column of a file: its cells, "∅" for none, "!reason" for
// rows that are refused.
func cellsOf(t testing.TB, path, column string) []string {
	t.Helper()
	m := parse(t, "version: 1\ntopic: case-events\nsubject: "+column+"\nevents: [{type: activity, at: {const: \"2020-01-01T00:00:00Z\"}}]")
	r, err := rows.Open(context.Background(), path, m)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	var out []string
	for {
		rec, err := r.Next()
		var p *rows.Problem
		switch {
		case err == nil:
			v, ok := rec.Value(column)
			if !ok {
				v = "∅"
			}
			out = append(out, v)
		case errors.As(err, &p):
			out = append(out, "!"+string(p.Reason))
		default:
			require.ErrorContains(t, err, "EOF")
			return out
		}
	}
}

// What independent readers give for the files of apache/parquet-testing: its
// own README and the tests of arrow-rs (int96_from_spark: 1704141296123456 µs,
// 1704070800 s, 253402225200 s, 1735599600 s, null, and a year of six digits).
func TestParquetValuesAreWhatOtherReadersGive(t *testing.T) {
	for _, c := range []struct {
		file, column string
		want         []string
	}{
		{"alltypes_plain.parquet", "string_col", []string{"0", "1", "0", "1", "0", "1", "0", "1"}}, // bytes without annotation
		{"alltypes_plain.parquet", "date_string_col", []string{"03/01/09", "03/01/09", "04/01/09", "04/01/09", "02/01/09", "02/01/09",
			"01/01/09", "01/01/09"}},
		{"alltypes_plain.parquet", "id", []string{"4", "5", "6", "7", "2", "3", "0", "1"}},
		{"alltypes_plain.parquet", "timestamp_col", []string{"2009-03-01T00:00:00Z", "2009-03-01T00:01:00Z", "2009-04-01T00:00:00Z",
			"2009-04-01T00:01:00Z",
			"2009-02-01T00:00:00Z", "2009-02-01T00:01:00Z", "2009-01-01T00:00:00Z", "2009-01-01T00:01:00Z"}}, // INT96 is UTC
		{"int96_from_spark.parquet", "a", []string{"2024-01-01T20:34:56.123456Z", "2024-01-01T01:00:00Z", "9999-12-31T03:00:00Z",
			"2024-12-30T23:00:00Z", "∅", "!invalid_value"}},
		{"int32_decimal.parquet", "value", decimals},
		{"int64_decimal.parquet", "value", decimals},
		{"fixed_length_decimal.parquet", "value", decimals},
		{"byte_array_decimal.parquet", "value", decimals},
		{"float16_nonzeros_and_nans.parquet", "x", []string{"∅", "1", "-2", "NaN", "0", "-1", "0", "2"}},
		{"nation.dict-malformed.parquet", "nation_key", nations()},
	} {
		t.Run(c.file+" "+c.column, func(t *testing.T) {
			require.Equal(t, c.want, cellsOf(t, hostileParquet(c.file), c.column))
		})
	}
}

var decimals = []string{"1.00", "2.00", "3.00", "4.00", "5.00", "6.00", "7.00", "8.00", "9.00", "10.00", "11.00", "12.00",
	"13.00", "14.00", "15.00", "16.00", "17.00", "18.00", "19.00", "20.00", "21.00", "22.00", "23.00", "24.00"}

func nations() []string {
	var out []string
	for i := range 25 {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// Damage is told: a wrong checksum refuses the rows of its row group, a file that
// the library does not know ends with an error, and never the program.
func TestDamagedParquetFilesAreTold(t *testing.T) {
	for _, c := range []struct {
		file, column string
		rows         int
	}{
		{"datapage_v1-corrupt-checksum.parquet", "a", 5120},
		{"rle-dict-uncompressed-corrupt-checksum.parquet", "long_field", 1000},
	} {
		m := parse(t, "version: 1\ntopic: case-events\nsubject: "+c.column+"\nevents: [{type: activity, at: {const: \"2020-01-01T00:00:00Z\"}}]")
		s := &sink{}
		sum, err := Run(context.Background(), []string{hostileParquet(c.file)}, m, s, Options{})
		require.NoError(t, err)
		require.Empty(t, s.values)
		require.EqualValues(t, c.rows, sum.Refused)
		require.Equal(t, []Count{{rows.ReasonUnreadable, c.column, int64(c.rows)}}, sum.RefusedBy)
		require.Contains(t, sum.Problems[0].Message, "checksum")
	}
	m := parse(t, "version: 1\ntopic: case-events\nsubject: a\nrest: keep\noptional: [a, time]\nevents: [{type: activity, at: time}]")
	_, err := rows.Open(context.Background(), hostileParquet("unknown-logical-type.parquet"), m)
	require.ErrorContains(t, err, "invalid logical type")
	_, err = rows.Open(context.Background(), hostileParquet("nested_lists.snappy.parquet"),
		parse(t, "version: 1\ntopic: case-events\nsubject: a\nevents: [{type: activity, at: {const: \"2020-01-01T00:00:00Z\"}}]"))
	require.ErrorContains(t, err, "only simple values can be mapped")
}
