-- purpose: The verdict in force on early warning of every source, with its figures.
-- grain: one row per source and kind
-- include: risk_verdicts
-- param: source String ? = source system; empty = all
-- column: predictions UInt64 = predictions judged
-- column: late UInt64 = predictions about subjects that missed their due
-- column: verdict String = beats, no_better or too_few
-- column: reached_later Bool = there was none by as_of; this is the first one reached after it
-- source: docs/early-warning.md
SELECT
    source_sys, kind, verdict, predictions, subjects, late, auc_model, auc_baseline, brier_model, brier_baseline, brier_constant,
    brier_gain, brier_gain_error, strength, with_org, train_until, as_of AS judged_at, reached_later
FROM ({{risk_verdicts}})
WHERE {source:String} = '' OR source_sys = {source:String}
ORDER BY source_sys, kind
