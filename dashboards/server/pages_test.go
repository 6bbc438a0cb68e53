package server_test

import (
	"context"
	"encoding/csv"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duban/dashboards/server"
	"duban/dashboards/sitetest"
)

func TestAnAddressThatOthersCanReachIsRefused(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:8080", ":8080", "192.168.1.5:80", "[::]:80"} {
		_, err := server.New(server.Config{Listen: listen}, server.Deps{})
		require.ErrorContains(t, err, "loopback", listen)
	}
}

func TestPages(t *testing.T) {
	s := sitetest.NewSite(t)

	t.Run("every page stands in both languages and runs nothing inline", func(t *testing.T) {
		inline := regexp.MustCompile(`<script(?: type="text/javascript")?>|<style|\sstyle=|\son[a-z]+="`)
		missing := regexp.MustCompile(`>\[[a-z_]+\.[a-zA-Z0-9_.]+\]`)
		for name, path := range allPages(t) {
			for lang, word := range map[string]string{"zh-CN": "数据质量", "en": "Data quality"} {
				status, body, h := s.Get(path, "Accept-Language", lang)
				want := http.StatusOK
				if name == "not found" {
					want = http.StatusNotFound
				}
				require.Equal(t, want, status, name)
				require.Contains(t, body, word, name)
				require.Contains(t, body, `<html lang="`+lang+`"`, name)
				require.NotRegexp(t, inline, body, name)
				require.NotRegexp(t, missing, body, name)
				require.NotContains(t, body, `class="error"`, name)
				require.NotContains(t, body, "<no value>", name)
				require.Contains(t, h.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'; style-src 'self'", name)
				require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
				require.Equal(t, "no-store", h.Get("Cache-Control"))
				require.NotEmpty(t, h.Get("X-Request-Id"))
				require.Contains(t, body, h.Get("X-Request-Id"), name)
			}
		}
	})

	t.Run("every page with figures says as of when, how far the data reach and which calendar", func(t *testing.T) {
		_, body, _ := s.Get("/?as_of=2026-05-20T10:00:00&lang=en")
		require.Contains(t, body, "2026-05-20 10:00:00")
		require.Contains(t, body, "past instant")
		require.Contains(t, body, "Data stored up to")
		require.Regexp(t, `cn-20\d\d-\d\d-\d\d`, body)
	})

	t.Run("what sources write is text", func(t *testing.T) {
		for name, path := range allPages(t) {
			_, body, _ := s.Get(path)
			require.NotContains(t, strings.ReplaceAll(body, `<img src="/assets/`, ""), "<img", name)
			require.NotContains(t, body, `<script>alert`, name)
		}
	})

	t.Run("a number with any character leads to its case", func(t *testing.T) {
		_, list, _ := s.Get("/cases?q=" + "onerror")
		href := regexp.MustCompile(`href="(/cases/hall/[^"]+)"`).FindStringSubmatch(list)
		require.NotNil(t, href)
		status, body, _ := s.Get(html.UnescapeString(href[1]))
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, html.EscapeString(sitetest.HostileCase))
	})

	t.Run("figures are those of hand counting", func(t *testing.T) {
		// 43 cases with a promise: 40 on time in March, LATE late, OPEN overdue at
		// the end, the hostile one on time: 41 of 43. SMALL was never accepted.
		_, text, _ := s.Get("/?format=csv&table=figures&source=hall&from=2026-01-01&to=2026-06-15")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		require.NoError(t, err)
		got := map[string][]string{}
		for _, r := range rows {
			got[r[0]] = r[2:]
		}
		require.Equal(t, []string{"numerator", "denominator", "value"}, got["indicator"])
		require.Equal(t, []string{"41", "43"}, got["D01"][:2])
		require.Equal(t, []string{"44", "", "44"}, got["C01"])
		require.Equal(t, []string{"42", "", "42"}, got["C03"])
		require.Equal(t, []string{"1", "", "1"}, got["C05"])
		_, body, _ := s.Get("/?source=hall&from=2026-01-01&to=2026-06-15")
		require.Contains(t, body, "95.3%") // 41/43 = 95.35 %
		require.Contains(t, body, `title="41 / 43"`)
	})

	t.Run("the list of overdue cases is the backlog of the same period", func(t *testing.T) {
		_, text, _ := s.Get("/?format=csv&table=overdue&source=hall&from=2026-01-01&to=2026-05-31")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		require.Equal(t, "OPEN", rows[1][0])
		_, body, _ := s.Get("/?source=hall&from=2026-01-01&to=2026-05-31&lang=en")
		require.Contains(t, body, "Open and overdue at 2026-06-01 00:00: 1")
	})

	t.Run("nothing of nothing is a dash and never 0 % or 100 %", func(t *testing.T) {
		_, body, _ := s.Get("/?source=hall&from=2020-01-01&to=2020-12-31&lang=en")
		require.Contains(t, body, `<span class="value">—</span>`)
		require.NotContains(t, body, "0.0%")
		require.NotContains(t, body, "100.0%")
		require.Contains(t, body, "There are no data in this scope and period.")
	})

	t.Run("fewer than 30 cases are not ranked", func(t *testing.T) {
		_, body, _ := s.Get("/?source=hall&from=2026-06-01&to=2026-06-15&lang=en")
		require.Contains(t, sitetest.Squeeze(body), "insufficient sample")
		_, body, _ = s.Get("/?source=hall&from=2026-01-01&to=2026-06-15&lang=en")
		require.Regexp(t, `no peers</span></td><td class=" ?"><a href="/orgs/`+sitetest.OrgCode, body,
			"the only one that could be ranked is not the first of one")
	})

	t.Run("links keep the whole state", func(t *testing.T) {
		_, body, _ := s.Get("/?source=hall&from=2026-01-01&to=2026-06-15&as_of=2026-06-14T09:00:00")
		for _, link := range []string{"/indicators/D01?", "/orgs/" + sitetest.OrgCode + "?", "/process?", "/cases?"} {
			href := regexp.MustCompile(`href="` + regexp.QuoteMeta(link) + `([^"]*)"`).FindStringSubmatch(body)
			require.NotNil(t, href, link)
			query := html.UnescapeString(href[1])
			require.Contains(t, query, "as_of=2026-06-14T09%3A00%3A00", link)
			require.Contains(t, query, "source=hall", link)
		}
	})

	t.Run("as of an earlier instant the case was still open", func(t *testing.T) {
		_, body, _ := s.Get(sitetest.CasePath("LATE") + "?as_of=2026-04-02T09:00:00&lang=en")
		require.Contains(t, body, "accepted")
		require.NotContains(t, body, "finished late")
		_, body, _ = s.Get(sitetest.CasePath("LATE") + "?lang=en")
		require.Contains(t, body, "finished late")
		status, _, _ := s.Get(sitetest.CasePath("LATE") + "?as_of=2026-03-01")
		require.Equal(t, http.StatusNotFound, status)
	})

	t.Run("a case shows its facts, masked, and what did not fit", func(t *testing.T) {
		_, body, _ := s.Get(sitetest.CasePath("LATE") + "?lang=en")
		require.Contains(t, body, "138****5678")
		require.NotContains(t, body, "13812345678")
		require.Contains(t, body, "tok:ABCDEFGH…")
		require.Contains(t, body, "劳动节")
		_, body, _ = s.Get(sitetest.CasePath("OPEN") + "?lang=en")
		require.Contains(t, body, "Facts that do not fit the life cycle: 1")
		require.Contains(t, body, "open, overdue")
	})

	t.Run("without users nobody is told to sign in where there is nothing to sign in to", func(t *testing.T) {
		for _, path := range []string{"/orders/new", "/alerts/a1000000", "/appeals", "/todo"} {
			_, body, _ := s.Get(path + "?lang=en")
			require.Contains(t, body, "no users yet", path)
			require.NotContains(t, body, "Sign in to", path)
		}
	})

	t.Run("rejects are shown masked", func(t *testing.T) {
		_, body, _ := s.Get("/quality/rejects/case-events/0/7")
		require.NotContains(t, body, "张三")
		require.NotContains(t, body, "13812345678")
		require.Contains(t, body, "&lt;b&gt;")
		require.Contains(t, body, "不是完整的 JSON", "what is wrong and what to do, in the reader's language")
	})

	t.Run("a violated identity cannot be overlooked", func(t *testing.T) {
		s.Topics.Set(false)
		defer s.Topics.Set(true)
		_, body, _ := s.Get("/quality?lang=en")
		require.Contains(t, body, `class="verdict bad"`)
		require.Contains(t, body, "The identity is violated")
	})

	t.Run("the list behind a figure is as long as the figure says", func(t *testing.T) {
		for role, want := range map[string]int{"numerator": 41, "denominator": 43, "rest": 2} {
			_, text, _ := s.Get("/cases?indicator=D01&role=" + role + "&source=hall&from=2026-01-01&to=2026-06-15&format=csv")
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
			require.NoError(t, err)
			require.Len(t, rows, want+1, role)
		}
		const behind = "/cases?indicator=D01&role=denominator&source=hall&from=2026-01-01&to=2026-06-15"
		_, body, _ := s.Get(behind + "&lang=en")
		require.Contains(t, body, "Cases: 43")
		_, body, _ = s.Get(behind + "&lang=en&q=LAT")
		require.Contains(t, body, "Cases: 1<")
		require.Contains(t, body, `name="indicator" value="D01"`, "searching keeps what is listed")
		require.Equal(t, "LATE", s.Table(behind + "&sort=stop&dir=desc&q=LA&format=csv")[0][0])
		rows := s.Table(behind + "&sort=due&dir=desc&format=csv") // due on 8 June, 12 May, 8 April, 9 March
		require.Equal(t, []string{sitetest.HostileCase, "OPEN", "LATE"}, []string{rows[0][0], rows[1][0], rows[2][0]})
		status, _, _ := s.Get(behind + "&sort=applied")
		require.Equal(t, http.StatusBadRequest, status, "a figure's list has no such order")
	})

	t.Run("lists filter, sort and turn pages", func(t *testing.T) {
		_, body, _ := s.Get("/cases?timeliness=late&lang=en")
		require.Contains(t, body, "Cases: 1")
		_, body, _ = s.Get("/cases?sort=number&dir=asc&source=hall")
		require.Contains(t, body, `aria-sort="ascending"`)
		status, _, _ := s.Get("/cases?page=2&source=hall")
		require.Equal(t, http.StatusOK, status)
	})

	t.Run("what an address cannot mean is refused", func(t *testing.T) {
		for _, path := range []string{"/?region=1", "/cases?timeliness=soon", "/cases?sort=name", "/cases?page=0", "/cases?role=x",
			"/indicators/D01?by=mood", "/?from=1", "/?as_of=x"} {
			status, body, _ := s.Get(path)
			require.Equal(t, http.StatusBadRequest, status, path)
			_, param, _ := strings.Cut(path, "?")
			require.NotContains(t, body, param, "no link leads back to the bad address")
		}
		for _, path := range []string{"/indicators/Z99", "/cases/hall/NOPE", "/orgs/NOPE", "/regions/x", "/quality/rejects/case-events/0/8",
			"/?format=csv&table=nope"} {
			status, _, _ := s.Get(path)
			require.Equal(t, http.StatusNotFound, status, path)
		}
	})

	t.Run("the language stays once chosen", func(t *testing.T) {
		_, _, h := s.Get("/?lang=en")
		require.Contains(t, h.Get("Set-Cookie"), "lang=en")
		_, body, _ := s.Get("/", "Cookie", "lang=en", "Accept-Language", "zh")
		require.Contains(t, body, `lang="en"`)
	})

	t.Run("the wall refreshes itself and nothing else does", func(t *testing.T) {
		_, wall, _ := s.Get("/?wall=1")
		require.Contains(t, wall, `<noscript><meta http-equiv="refresh"`, "with script it fetches itself without a flash (WCAG 2.2.1)")
		require.Contains(t, wall, `data-again=`)
		_, wall, _ = s.Get("/alerts?wall=1&lang=en")
		require.Contains(t, wall, "Leave wall screen", "every wall has a way out")
		require.NotContains(t, wall, `class="list-form"`)
		_, list, _ := s.Get("/alerts?lang=en")
		require.Contains(t, list, "wall=1")
		_, body, _ := s.Get("/")
		require.NotContains(t, body, `http-equiv="refresh"`)
	})

	t.Run("probes and instruments answer", func(t *testing.T) {
		for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready",
			"/metrics": `duban_server_requests_total{route="/cases/{source}/*"`} {
			status, body, _ := s.Get(path)
			require.Equal(t, http.StatusOK, status, path)
			require.Contains(t, body, want, path)
		}
	})

	t.Run("pages and files are sent packed, streams are not", func(t *testing.T) {
		for path, want := range map[string]string{"/": "gzip", "/cases?format=csv": "gzip", "/alerts/stream": ""} {
			ctx, stop := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Base+path, nil)
			require.NoError(t, err)
			r.Header.Set("Accept-Encoding", "gzip")
			res, err := http.DefaultTransport.RoundTrip(r)
			require.NoError(t, err)
			require.Equal(t, want, res.Header.Get("Content-Encoding"), path)
			stop()
			_ = res.Body.Close()
		}
	})

	t.Run("a foreign host name is refused", func(t *testing.T) {
		r, err := http.NewRequest(http.MethodGet, s.Base+"/", nil)
		require.NoError(t, err)
		r.Host = "evil.example"
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		_ = res.Body.Close()
		require.Equal(t, http.StatusMisdirectedRequest, res.StatusCode)
	})
}
