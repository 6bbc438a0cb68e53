package engine

import "duban/supervision/alert"

// ruleCategories are the rules in force with the category of each, which an
// outage may be limited to.
func (e *Engine) ruleCategories() (ids, categories []string) {
	for _, r := range e.cfg.Rules.All() {
		ids, categories = append(ids, r.ID), append(categories, r.Category)
	}
	return ids, categories
}

// whyOf is why the steps of a candidate may differ from what was announced.
func (e *Engine) whyOf(m map[string]any) string {
	if m["outage_moved"].(bool) {
		return alert.Outage
	}
	return e.looked.why
}
