package engine

// ruleCategories are the rules in force with the category of each, which an
// outage may be limited to.
func (e *Engine) ruleCategories() (ids, categories []string) {
	for _, r := range e.cfg.Rules.All() {
		ids, categories = append(ids, r.ID), append(categories, r.Category)
	}
	return ids, categories
}
