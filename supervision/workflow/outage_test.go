package workflow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// said is a declaration on Monday 2 March 2026, 10:00, with some of it changed.
func said(changes ...string) string {
	text := `{"scope":"org","code":"a","from":"2026-03-02T08:00:00+08:00","until":"2026-03-03T08:00:00+08:00","reason":"r"}`
	for i := 0; i+1 < len(changes); i += 2 {
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	return text
}

func TestWhatADeclarationOfAnOutageMustSay(t *testing.T) {
	m := New(Outage, env(t))
	evidence := `"reason":"r","evidence":["file-1"]`
	for _, c := range []struct {
		role  Role
		text  string
		key   string
		field string
	}{
		{Supervisor, said(), "", ""},
		{Supervisor, said(`"r"`, `" "`), keyMissing, "reason"},
		{Supervisor, said(`"org"`, `"world"`), keyChoice, "scope"},
		{Supervisor, said(`"code":"a",`, ``), keyMissing, "code"},
		{Supervisor, said(`"org"`, `"all"`), keyMissing, "code"},
		{Supervisor, said(`"org"`, `"all"`, `"code":"a",`, ``), "", ""},
		{Supervisor, said(`2026-03-03T08:00:00+08:00`, `tomorrow`), keyMissing, "until"},
		{Supervisor, said(`2026-03-03T`, `2026-03-02T`), keyOutageSpan, ""},
		{Supervisor, said(`2026-03-03T`, `2026-04-03T`), keyOutageSpan, ""},
		// What reaches back more than three days needs a document; nothing reaches
		// back more than a month.
		{Supervisor, said(`2026-03-02T08`, `2026-02-27T10`), "", ""},
		{Supervisor, said(`2026-03-02T08`, `2026-02-27T09`), keyMissing, "evidence"},
		{Supervisor, said(`2026-03-02T08`, `2026-02-27T09`, `"reason":"r"`, evidence), "", ""},
		{Supervisor, said(`2026-03-02T08`, `2026-01-30T09`, `2026-03-03`, `2026-02-03`, `"reason":"r"`, evidence), keyOutageBack, ""},
		{Supervisor, said(`"reason":"r"`, evidence+`,"effect":"excuse"`), keyChoice, "ground"},
		{Supervisor, said(`"reason":"r"`, `"reason":"r","effect":"excuse","ground":"system_error"`), keyMissing, "evidence"},
		{Supervisor, said(`"reason":"r"`, evidence+`,"effect":"excuse","ground":"wrong_data"`), keyChoice, "ground"},
		{Supervisor, said(`"reason":"r"`, evidence+`,"effect":"excuse","ground":"system_error"`), "", ""},
		{Supervisor, said(`"reason":"r"`, `"reason":"r","categories":["weather"]`), keyChoice, "categories"},
		// The system administrator says that a source is down, and no more.
		{Sysadmin, said(), keyRole, ""},
		{Sysadmin, said(`"org"`, `"source"`), "", ""},
		{Sysadmin, said(`"org"`, `"source"`, `"reason":"r"`, evidence+`,"effect":"excuse","ground":"system_error"`), keyRole, ""},
		{DeptManager, said(), keyRole, ""},
	} {
		_, _, r := m.Apply(Item{Kind: Outage, ID: "1"}, act(c.role, "declare", 0, c.text))
		if c.key == "" {
			require.Nil(t, r, c.text)
			continue
		}
		require.NotNil(t, r, c.text)
		require.Equal(t, c.key, r.Key, c.text)
		require.Equal(t, c.field, r.Details["field"], c.text)
	}
}

func TestAnOutageIsAmendedAheadAndEndedWhileItLasts(t *testing.T) {
	m := New(Outage, env(t))
	it := accept(t, m, Item{Kind: Outage, ID: "1"}, act(Supervisor, "declare", 0, said()))
	require.Equal(t, []any{"org", "hold", "a", at("2026-03-03 08:00")}, []any{it.Origin, it.Level, it.OrgCode, it.FinalDueAt})
	require.Equal(t, keyPast, refused(t, m, it, act(Supervisor, "amend", 1, `{"until":"2026-03-02T09:00:00+08:00","comment":"c"}`)).Key)
	require.Equal(t, keyOutageSpan, refused(t, m, it, act(Supervisor, "amend", 1, `{"until":"2026-04-03T09:00:00+08:00","comment":"c"}`)).Key)
	longer := accept(t, m, it, act(Supervisor, "amend", 1, `{"until":"2026-03-05T09:00:00+08:00","comment":"c"}`))
	require.Equal(t, at("2026-03-05 09:00"), longer.FinalDueAt)
	ended := accept(t, m, longer, act(Supervisor, "end", 2, ""))
	require.Equal(t, []any{monday, OutageEnded}, []any{ended.FinalDueAt, ended.State})

	late := act(Supervisor, "end", 1, "")
	late.At, late.RecordedAt = at("2026-03-03 08:00"), at("2026-03-03 08:00")
	require.Equal(t, keyOutageOver, refused(t, m, it, late).Key)
	late.Action, late.Payload = "amend", `{"until":"2026-03-05T09:00:00+08:00","comment":"c"}`
	require.Equal(t, keyOutageOver, refused(t, m, it, late).Key, "what is over is not stretched in hindsight")
	early := act(Supervisor, "end", 1, "")
	early.At = at("2026-03-02 08:00")
	require.Equal(t, keyOutageOver, refused(t, m, it, early).Key, "what has not begun is revoked")
}

// The system administrator changes what he may declare, and nothing else (docs/supervision.md
// 8): an outage that excuses, or concerns more than a source, is the supervision office's
// from its declaration to its end.
func TestNobodyChangesAnOutageThatHeMayNotDeclare(t *testing.T) {
	m := New(Outage, env(t))
	evidence := `"reason":"r","evidence":["file-1"],"effect":"excuse","ground":"system_error"`
	amend := `{"until":"2026-03-31T09:00:00+08:00","comment":"c"}`
	for _, text := range []string{
		said(), said(`"org"`, `"all"`, `"code":"a",`, ``), said(`"org"`, `"region"`, `"a"`, `"610000"`),
		said(`"org"`, `"source"`, `"reason":"r"`, evidence),
	} {
		it := accept(t, m, Item{Kind: Outage, ID: "1"}, act(Supervisor, "declare", 0, text))
		require.Equal(t, keyRole, refused(t, m, it, act(Sysadmin, "amend", 1, amend)).Key, text)
		require.Equal(t, keyRole, refused(t, m, it, act(Sysadmin, "end", 1, "")).Key, text)
		require.Empty(t, m.Allowed(it, Sysadmin, ""), text)
		accept(t, m, it, act(Supervisor, "amend", 1, amend))
	}
	own := accept(t, m, Item{Kind: Outage, ID: "1"}, act(Supervisor, "declare", 0, said(`"org"`, `"source"`)))
	longer := accept(t, m, own, act(Sysadmin, "amend", 1, amend))
	require.Equal(t, OutageEnded, accept(t, m, longer, act(Sysadmin, "end", 2, "")).State)
}
