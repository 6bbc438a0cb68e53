package sitetest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Row is one line of a table of addresses: what is asked and what must come back.
type Row struct {
	Path   string
	Status int
	// Holds are texts of the answer, Lacks such as are not in it.
	Holds, Lacks []string
}

// Answers asks for every row of a table, in both languages where it is a page. What a row
// holds is held against the English answer; no text may be missing in either.
func (s *Site) Answers(t *testing.T, rows ...Row) {
	t.Helper()
	for _, row := range rows {
		for _, lang := range []string{"zh-CN", "en"} {
			status, body, header := s.Get(row.Path, "Accept-Language", lang)
			row.check(t, lang, status, body, header)
		}
	}
}

// Answers is Site.Answers for who uses the browser.
func (r *Reader) Answers(t *testing.T, rows ...Row) {
	t.Helper()
	for _, row := range rows {
		for _, lang := range []string{"zh-CN", "en"} {
			a := r.Get(row.Path, "Accept-Language", lang)
			row.check(t, lang, a.Status, a.Body, a.Header)
		}
	}
}

func (row Row) check(t *testing.T, lang string, status int, body string, header http.Header) {
	t.Helper()
	require.Equal(t, row.Status, status, "%s in %s: %s", row.Path, lang, body)
	if strings.HasPrefix(header.Get("Content-Type"), "text/html") && header.Get("Location") == "" {
		require.Equal(t, lang, header.Get("Content-Language"), row.Path)
		require.NotRegexp(t, `\[[a-z_]+\.[a-z_.]+\]|<no value>`, body, "%s in %s", row.Path, lang)
	}
	if lang != "en" {
		return
	}
	for _, text := range row.Holds {
		require.Contains(t, body, text, row.Path)
	}
	for _, text := range row.Lacks {
		require.NotContains(t, body, text, row.Path)
	}
}
