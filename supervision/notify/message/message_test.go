package message_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duban/supervision/notify/message"
)

func nine() time.Time { return time.Date(2026, 3, 5, 1, 0, 0, 0, time.UTC) } // 09:00 in Beijing

func item(id, severity, org string) message.Item {
	return message.Item{
		Kind: "alert", ID: id, RuleID: "R-DDL-03", RuleZh: "超承诺时限", RuleEn: "Promise overdue", Severity: severity, State: "issued",
		OrgCode: org, OrgZh: "单位" + org, OrgEn: "Org " + org, Subject: "C-" + id, DueAt: nine().AddDate(0, 0, 5),
	}
}

func TestTheMostUrgentComesFirstAndTheRestIsCounted(t *testing.T) {
	var items []message.Item
	for i := range 9 {
		items = append(items, item(fmt.Sprintf("n%d", i), "notice", "1"))
	}
	soon := item("soon", "yellow", "2")
	soon.DueAt = nine().AddDate(0, 0, 1)
	over := item("over", "red", "2")
	over.State, over.Over = "revoked", true
	items = append(items, over, item("late", "yellow", "2"), soon, item("red", "red", "1"),
		message.Item{Kind: "order", ID: "o", State: "issued", OrgCode: "2"})
	d := message.New("m", nine(), "https://duban.example.org/", nil, items)
	var order []string
	for _, it := range d.Items[:4] {
		order = append(order, it.ID)
	}
	require.Equal(t, []string{"red", "soon", "late", "o"}, order, "what is over comes last, whatever its colour")
	require.Equal(t, 14, d.Total)
	require.Len(t, d.Items, message.MaxItems)
	require.Equal(t, 4, d.More)
	require.Equal(t, "https://duban.example.org/alerts/red", d.Items[0].URL)
	require.Equal(t, "https://duban.example.org/work/order/o", d.Items[3].URL)
	require.Equal(t, "https://duban.example.org/alerts", d.WallURL)
	total := 0
	for _, c := range d.Counts {
		total += c.N
	}
	require.Equal(t, 14, total, "the counts are of all")
}

func TestEveryFormSaysItInChineseFirstAndInEnglish(t *testing.T) {
	m, err := message.Render(message.New("m", nine(), "https://duban.example.org", nil,
		[]message.Item{item("a", "red", "1"), item("b", "yellow", "1")}))
	require.NoError(t, err)
	require.Equal(t, "【督办】红牌 1，黄牌 1 / red card 1, yellow card 1", m.Subject)
	for name, text := range map[string]string{"text": m.Text, "HTML": m.HTML, "Markdown": m.Markdown} {
		zh, en := strings.Index(text, "超承诺时限"), strings.Index(text, "Promise overdue")
		require.Positive(t, zh, name)
		require.Greater(t, en, zh, name)
		require.Contains(t, text, "https://duban.example.org/alerts/a", name)
		require.Contains(t, text, "2026-03-10 09:00", name+": local time")
		require.NotContains(t, text, "可能重复", name)
	}
	var d map[string]any
	require.NoError(t, json.Unmarshal(m.JSON, &d))
	require.EqualValues(t, 2, d["total"])
}

func TestAPossibleRepeatSaysSoInEveryForm(t *testing.T) {
	d := message.New("m", nine(), "https://duban.example.org", nil, []message.Item{item("a", "red", "1")})
	d.PossibleRepeat = true
	m, err := message.Render(d)
	require.NoError(t, err)
	for _, text := range []string{m.Subject, m.Text, m.HTML, m.Markdown} {
		require.Contains(t, text, "可能重复")
		require.Contains(t, strings.ToLower(text), "repeat")
	}
	require.Contains(t, string(m.JSON), `"possible_repeat":true`)
}

func TestNamesOfOthersAreNotMarkup(t *testing.T) {
	it := item("a", "red", "1")
	it.OrgZh, it.Subject = `<script>alert(1)</script>`, "x](https://evil.example.org)\n# head"
	m, err := message.Render(message.New("m", nine(), "https://duban.example.org", nil, []message.Item{it}))
	require.NoError(t, err)
	require.NotContains(t, m.HTML, "<script>")
	require.NotContains(t, m.Markdown, "](https://evil")
	require.NotContains(t, m.Markdown, "\n# head")
}

func TestMarkdownIsCutAtALine(t *testing.T) {
	long := strings.Repeat("一行文字\n", 1000)
	cut := message.Cut(long, 4096)
	require.LessOrEqual(t, len(cut), 4096)
	require.Contains(t, cut, "shortened")
	require.Equal(t, "short", message.Cut("short", 4096))
	require.LessOrEqual(t, len(message.Cut(strings.Repeat("字", 5000), 4096)), 4096)
}
