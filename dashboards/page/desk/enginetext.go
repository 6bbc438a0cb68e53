package desk

import (
	"slices"
	"strings"
	"time"

	"duban/dashboards/page/kit"
)

// ownLanguage picks the reader's half of a text in Chinese and then in English; any other
// text stays whole.
func (q *request) ownLanguage(text string) string {
	end := strings.LastIndex(text, "。")
	if end < 0 {
		return text
	}
	zh, en := text[:end+len("。")], text[end+len("。"):]
	if len(en) == 0 || en[0] >= 0x80 || !strings.Contains(en, " ") || !strings.HasSuffix(en, ".") {
		return text // no English sentence behind it
	}
	return q.Pick(zh, en)
}

// engineText tells what the engine wrote with an order or a referral that follows from
// cards in the reader's language; what people wrote stays.
func (q *request) engineText(key, text string, payload map[string]any) string {
	id, _ := payload["rule"].(string)
	day, _ := payload["day"].(string)
	ofCards := id != "" && day != ""
	switch {
	case key == "title" && ofCards && strings.HasSuffix(text, " "+id) && strings.Contains(text, " "+day+" · "):
		return q.ruleTitle(id+" "+day, kit.Row{})
	case key == "demand" && ofCards, key == "grounds" && payload["basis"] != nil:
		return q.ownLanguage(text)
	}
	return text
}

// ruleTitle writes a title that the engine made, which is a rule's id with a day or with
// the subject of an escalated card, in the reader's language; what people wrote stays.
func (q *request) ruleTitle(title string, x kit.Row) string {
	id, about, _ := strings.Cut(title, " ")
	r, ok := q.Rule(id)
	if !ok {
		return title
	}
	_, noDay := time.Parse(time.DateOnly, about)
	isSubject := func(ref string) bool { return about != "" && strings.HasSuffix(ref, "/"+about) }
	if noDay != nil && !slices.ContainsFunc(x.Texts("subjects"), isSubject) {
		return title
	}
	return q.Pick(r.Names.Zh, r.Names.En) + " " + about + " · " + id
}

// rulesNamed lists the rules whose name in either language contains a text, because the
// lists show these names and the database does not hold them.
func (q *request) rulesNamed(text string) []string {
	ids := []string{}
	if q.Rules == nil || text == "" {
		return ids
	}
	for _, r := range q.Rules.All() {
		if strings.Contains(strings.ToLower(r.Names.Zh+"\n"+r.Names.En), strings.ToLower(text)) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
