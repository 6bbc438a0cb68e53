-- purpose: Write what the ledger of movements lacks of some cases.
-- grain: one row of movement_feed per case that differs
-- include: figure_cases, case_movements, movement_difference
-- param: round UInt64 = version under which it is written
-- param: known_at DateTime64(3,'UTC') = when it is recorded
INSERT INTO movement_feed (subject_kind, source_sys, subject, round, known_at, dims, m, was_dims, plus, minus)
WITH
    'case' AS this_kind,
    {{figure_cases}},
    wanted_movements AS
    (
    {{case_movements}}
    )
SELECT this_kind, source_sys, subject, {round:UInt64}, {known_at:DateTime64(3,'UTC')}, dims, m, was_dims, plus, minus
FROM ({{movement_difference}})
