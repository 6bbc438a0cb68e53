package announce

import (
	"context"
	"fmt"
	"maps"
	"time"

	"duban/queries"
)

// candidatesAtOnce bounds the alerts in memory.
const candidatesAtOnce = 10_000

// scan finds the alerts that changed up to a version and a watermark, and announces
// them. A large change is scanned piece by piece; how it is cut changes nothing,
// since each chain is judged by itself.
func (a *Announcer) scan(ctx context.Context, version uint64, watermark time.Time, days Rejudging) error {
	large, err := selectPieces.All(ctx, a.reg, a.conn(), queries.Args{
		"after_version": a.version, "until_version": version, "piece": a.chainsAtOnce, "every": max(1, a.chainsAtOnce/2000),
	})
	if err != nil {
		return err
	}
	cut, pieces := []string{}, []queries.Args{}
	for _, m := range large {
		cut = append(cut, m.Kind+"/"+m.Source)
		from := ""
		for _, until := range append(m.Bounds, "") {
			pieces = append(pieces, queries.Args{"kind": m.Kind, "piece_source": m.Source, "from_no": from, "until_no": until})
			from = until
		}
	}
	ids, categories := a.ruleCategories()
	for i, piece := range append(pieces, queries.Args{"cut": cut}) {
		if len(pieces) > 0 {
			a.log.Info("scanning the alerts of a large change", "piece", i+1, "pieces", len(pieces)+1)
		}
		args := queries.Args{
			"after_version": a.version, "until_version": version, "from": a.until, "until": watermark,
			"rule_ids": ids, "rule_categories": categories, "rejudging": days.Rules,
		}
		maps.Copy(args, piece)
		if err := selectCandidates.Stream(ctx, a.reg, a.conn(), args, candidatesAtOnce, func(rows []candidate) error {
			return a.announceRows(ctx, rows, version, watermark, days.Lateness)
		}); err != nil {
			return fmt.Errorf("piece %d of %d: %w", i+1, len(pieces)+1, err)
		}
	}
	return nil
}

// ruleCategories are the rules in force with the category of each, which an
// outage may be limited to.
func (a *Announcer) ruleCategories() (ids, categories []string) {
	for _, r := range a.rules.All() {
		ids, categories = append(ids, r.ID), append(categories, r.Category)
	}
	return ids, categories
}
