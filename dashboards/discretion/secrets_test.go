package discretion

import (
	"encoding/json"
	"fmt"
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

// Whoever writes a number of a secret subject into a text tells it, however he writes it.
func TestANumberIsKnownInWhateverWayItIsWritten(t *testing.T) {
	s := newSecrets([]secretSubject{{"ticket", "12345", "HS-SEC-0001"}, {"ticket", "12345", "202611020915"}, {"case", "hall", "A-17"},
		{"case", "hall", "督二〇二六第00042号"}})
	for _, text := range []string{
		"HS-SEC-0001", "hs-sec-0001", "Hs-Sec-0001", "ＨＳ－ＳＥＣ－０００１", "ｈｓ-sec-０００１", "HS SEC 0001", "HS,SEC,0001", "HSSEC0001", "HS_SEC_0001",
		"HS–SEC—0001", "HS.SEC/0001", "HS\u200b-SEC-\ufeff0001", "H S - S E C - 0 0 0 1", "HS-SEC-０００１", "HS・SEC・0001",
		"202611020915", "２０２６１１０２０９１５", "2026 1102 0915", "202,611,020,915", "2026-1102-0915", "2026.11.02.0915", "2026\u200b11020915",
		"٢٠٢٦١١٠٢٠٩١٥", "二〇二六一一〇二〇九一五", "②⓪②⑥①①⓪②⓪⑨①⑤", "2026，1102，0915", "a-17", "Ａ－１７", "督2026第00042号", "督二〇二六第０００４２号",
	} {
		for _, around := range [][2]string{{"", ""}, {"见", "（同一）"}, {"no ", ", and"}, {"见", "一事"}, {"「", "」"}} {
			require.Equal(t, around[0]+"***"+around[1], s.hide(around[0]+text+around[1], ""), text)
		}
		raw, err := json.Marshal(map[string]any{"remark": "见" + text})
		require.NoError(t, err)
		require.True(t, s.told(string(raw)), text)
	}
	for _, text := range []string{
		"2026-11-02 09:15", "2026-11-02T09:15:00+08:00", "1202611020915", "2026110209151", "xHS-SEC-0001", "HS-SEC-00010", "HS-SEC-0002",
		"A17", "a 17", "HS - - - SEC 0001", "20261102", "2026年11月02日0915", "督二〇二六第00043号",
	} {
		require.Equal(t, text, s.hide(text, ""), text)
	}
	require.Equal(t, "ｈｓ-sec-0001, ***", s.hide("ｈｓ-sec-0001, 2026 1102 0915", "HS-SEC-0001"), "the reader's own, however it is written")
}

// Every text of every answer to most readers is looked through.
func BenchmarkHide(b *testing.B) {
	rows := make([]secretSubject, 1000)
	for i := range rows {
		rows[i] = secretSubject{"ticket", "12345", fmt.Sprintf("HS-2026-%06d", i)}
	}
	s, text := newSecrets(rows), "市民来电反映小区物业 2026-06-01 未按承诺维修电梯，要求 HS-2026-1000001 回复 61080200005552XH"
	b.ReportAllocs()
	for b.Loop() {
		s.hide(text, "")
	}
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
