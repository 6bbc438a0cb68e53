package announce

import (
	"context"
	"time"

	"duban/queries"
	"duban/supervision/alert"
	"duban/supervision/rule"
)

// settling is how long before the last announcement something may have arrived that was not
// folded by then.
const settling = 15 * time.Minute

// itemsKnown is what the catalogue knows of the items of cards that another version of
// theirs may take back, by itself or together with facts.
func (a *Announcer) itemsKnown(ctx context.Context, rows []candidate) (map[string]itemKnown, error) {
	out := map[string]itemKnown{}
	var tasks []string
	for i := range rows {
		m := &rows[i]
		if _, asked := out[m.TaskCode]; asked || m.Seq == 0 || m.TaskCode == "" || !m.rewritten() {
			continue
		}
		out[m.TaskCode] = itemKnown{}
		tasks = append(tasks, m.TaskCode)
	}
	if len(tasks) == 0 {
		return out, nil
	}
	found, err := selectItemsKnown.All(ctx, a.reg, a.conn(), queries.Args{"tasks": tasks})
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		out[m.TaskCode] = m
	}
	return out, nil
}

// told reports whether a version arrived since an alert was announced; one of the minute
// before may not have been folded by then.
func (k itemKnown) told(announced time.Time) bool { return k.LastAt.After(announced.Add(-time.Minute)) }

// lag is how late the item was told for a card. Another version of one that was known by then
// rewrites what was told: who publishes the catalogue is often who is measured. The first word
// about an item is the rest of a load where its case is one too, told as a whole after the due;
// a case that was known before had its due by what was in force then.
func (k itemKnown) lag(m *candidate, loaded bool) int64 {
	if !loaded || !k.FirstAt.After(m.RecordedAt.Add(-time.Minute)) {
		return alert.Rewritten
	}
	return max(0, k.FirstAt.Sub(m.RecordedAt).Milliseconds())
}

// loaded finds the cards about history: the first fact of their case arrived after the
// severity held. Asked are those that the first version of an item may have moved.
func (a *Announcer) loaded(ctx context.Context, rows []candidate, known map[string]itemKnown) (map[string]bool, error) {
	out := map[string]bool{}
	var sources, numbers []string
	var of []*candidate
	for i := range rows {
		m := &rows[i]
		if m.Seq > 0 && m.SubjectKind == rule.SubjectCase && known[m.TaskCode].told(m.RecordedAt) {
			of, sources, numbers = append(of, m), append(sources, m.SourceSys), append(numbers, m.SubjectNo)
		}
	}
	if len(of) == 0 {
		return out, nil
	}
	found, err := selectCasesTold.All(ctx, a.reg, a.conn(), queries.Args{"sources": sources, "numbers": numbers})
	if err != nil {
		return nil, err
	}
	told := map[[2]string]time.Time{}
	for _, m := range found {
		told[[2]string{m.Source, m.Number}] = m.ToldAt
	}
	for _, m := range of {
		out[m.AlertID] = told[[2]string{m.SourceSys, m.SubjectNo}].After(m.SeverityAt)
	}
	return out, nil
}
