-- purpose: Record what became of actions.
-- grain: one row per action
-- param: rows String = JSON list of them
-- param: fold_version UInt64 = version of the round
-- param: recorded_at DateTime64(3,'UTC') = when the engine took them
INSERT INTO action_results (source_sys, event_id, fold_version, subject_kind, subject_id, outcome, seq, detail, recorded_at)
SELECT r.source_sys, r.event_id, {fold_version:UInt64}, r.subject_kind, r.subject_id, r.outcome, r.seq, r.detail, {recorded_at:DateTime64(3,'UTC')}
FROM
(
    SELECT JSONExtract(arrayJoin(JSONExtractArrayRaw({rows:String})), 'Tuple(source_sys String, event_id String, subject_kind String, subject_id String, outcome String, seq UInt32, detail String)') AS r
)
