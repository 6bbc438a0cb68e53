package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"duban/queries"
)

// candidatesAtOnce bounds the alerts in memory.
const candidatesAtOnce = 10_000

// look finds the alerts that changed up to a version and a watermark, and announces
// them. A large change is looked at piece by piece; how it is cut changes nothing,
// since each chain is judged by itself.
func (e *Engine) look(ctx context.Context, version uint64, watermark time.Time) error {
	large, err := selectPieces.All(ctx, e.reg, e.db.Conn(), queries.Args{
		"after_version": e.looked.version, "until_version": version, "piece": e.cfg.ChainsAtOnce, "every": max(1, e.cfg.ChainsAtOnce/2000),
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
	ids, categories := e.ruleCategories()
	for i, piece := range append(pieces, queries.Args{"cut": cut}) {
		if len(pieces) > 0 {
			e.log.Info("looking at the alerts of a large change", "piece", i+1, "pieces", len(pieces)+1)
		}
		args := queries.Args{
			"after_version": e.looked.version, "until_version": version, "from": e.looked.until, "until": watermark,
			"rule_ids": ids, "rule_categories": categories, "rejudging": slices.Sorted(maps.Keys(e.rules.rejudging)),
		}
		maps.Copy(args, piece)
		if err := selectCandidates.Stream(ctx, e.reg, e.db.Conn(), args, candidatesAtOnce, func(rows []candidate) error {
			return e.announceRows(ctx, rows, version, watermark)
		}); err != nil {
			return fmt.Errorf("piece %d of %d: %w", i+1, len(pieces)+1, err)
		}
	}
	return nil
}
