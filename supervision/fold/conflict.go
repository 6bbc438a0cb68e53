package fold

import (
	"context"

	"duban/queries"
)

// RecordConflicts finds identities of the span that came with more than one
// content, records which delivery stands, and puts the others into
// the rejects. It returns how many there were.
func (f *Folder) RecordConflicts(ctx context.Context, s Span, version uint64) (n uint64, err error) {
	contested, _, err := selectContested.First(ctx, f.reg, f.conn(), s.Args())
	if err != nil || contested.Identities == 0 {
		return 0, err
	}
	n = contested.Identities
	args := s.Args()
	args["fold_version"] = version
	if err := f.reg.Exec(ctx, f.conn(), "engine/record_conflicts", args); err != nil {
		return n, err
	}
	if err := f.reg.ExecOver(ctx, f.conn(), "engine/reject_conflicts", "engine/conflicting_"+s.Topic.Table(), queries.Args{
		"topic": string(s.Topic), "fold_version": version, "at": f.now(),
	}); err != nil {
		return n, err
	}
	wrong, _, err := selectWrongRejects.First(ctx, f.reg, f.conn(), queries.Args{})
	if err != nil || wrong.Rejects == 0 {
		return n, err
	}
	return n, f.reg.Exec(ctx, f.conn(), "engine/withdraw_rejects", queries.Args{})
}
