package discretion

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duban/queries"
)

func someSecrets() *secrets {
	return newSecrets([]secretSubject{
		{"ticket", "12345", "WHISTLE-1"}, {"case", "hall", "610102"},
		{"case", "hall", "42"}, {"case", "hall", "督2026/7"},
	})
}

func TestANumberIsTakenOutOfATextAsAWhole(t *testing.T) {
	s := someSecrets()
	for text, want := range map[string]string{
		"WHISTLE-1": "***", "see WHISTLE-1, OTHER-1": "see ***, OTHER-1", "见WHISTLE-1（同）": "见***（同）", "e-WHISTLE-1": "e-***", "督2026/7号": "***号",
		"WHISTLE-10": "WHISTLE-10", "XWHISTLE-1": "XWHISTLE-1", "6101021": "6101021", "no 610102": "no ***", "42 days": "42 days", "": "",
		"WHISTLE-1WHISTLE-1":  "WHISTLE-1WHISTLE-1",
		"WHISTLE-1 WHISTLE-1": "*** ***",
	} {
		require.Equal(t, want, s.hide(text, ""), text)
	}
	require.Equal(t, "WHISTLE-1, ***", s.hide("WHISTLE-1, 610102", "WHISTLE-1"), "the reader's own")
}

func TestAMessageAboutASecretSubjectIsKnown(t *testing.T) {
	s := someSecrets()
	for _, raw := range []string{`{"secret":true}`, `{"a":{"Secret" : "1"}}`, `{"\u0073ecret":true}`, `{"case_no":"42"}`,
		`{"case_no":42}`, `{"ticket_no":"WHISTLE-1","x":`, `{"n":"\u0057HISTLE-1"}`} {
		require.True(t, s.told(raw), raw)
	}
	for _, raw := range []string{`{"secret":false}`, `{"case_no":"43"}`, ``, `{"x":`} {
		require.False(t, s.told(raw), raw)
	}
	require.True(t, newSecrets(nil).told(`{"secret":true}`), "where no subject is known to be secret too")
}

// What one source calls secret is another source's open number.
func TestRowsAreKeptByKindSourceAndNumber(t *testing.T) {
	res := func(columns []string, rows ...[]any) *queries.Result {
		r := &queries.Result{Args: queries.Args{"source": "hall"}, Rows: rows}
		for _, c := range columns {
			r.Columns = append(r.Columns, queries.Column{Name: c})
		}
		return r
	}
	s := someSecrets()
	r := res([]string{"source_sys", "case_no", "org_code"}, []any{"hall", "610102", "610102"}, []any{"kiosk", "610102", "610102"},
		[]any{"hall", "1", "610102"})
	s.keep(r, false)
	require.Equal(t, [][]any{{"kiosk", "610102", "610102"}, {"hall", "1", "610102"}}, r.Rows)
	r = res([]string{"case_no"}, []any{"42"}, []any{"43"})
	s.keep(r, false)
	require.Equal(t, [][]any{{"43"}}, r.Rows, "of the source that was asked for")
	r = res([]string{"source_sys", "ticket_no", "case_no", "repeat_of"}, []any{"hall", "T", "42", "WHISTLE-1"}, []any{"12345", "T", "42",
		"WHISTLE-1"})
	s.keep(r, false)
	require.Equal(t, [][]any{{"hall", "T", "", "WHISTLE-1"}, {"12345", "T", "42", ""}}, r.Rows)
	r = res([]string{"subject_kind", "source_sys", "subject_no", "evidence"}, []any{"ticket", "12345", "WHISTLE-1",
		map[string]string{"a": "WHISTLE-1", "b": "610102"}})
	s.keep(r, true)
	require.Equal(t, [][]any{{"ticket", "12345", "WHISTLE-1", map[string]string{"a": "WHISTLE-1", "b": "***"}}}, r.Rows,
		"the query decides, and tells no other")
}
