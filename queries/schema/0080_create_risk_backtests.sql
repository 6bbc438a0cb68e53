-- Verdicts on early warning: how well it told late subjects from others in the
-- source's own past, beside the share of time used. One row per source, kind, instant
-- of the verdict and landmark age.
CREATE TABLE IF NOT EXISTS risk_backtests
(
    source_sys LowCardinality(String),
    kind LowCardinality(String) COMMENT 'case or ticket',
    as_of DateTime64(3, 'UTC') COMMENT 'what was known by then was judged',
    age_hours Float64 COMMENT 'hours since the start of the clock; -1 = all ages together, which gives the verdict',
    train_from DateTime64(3, 'UTC'),
    train_until DateTime64(3, 'UTC') COMMENT 'learned before, judged after',
    strength Float64 COMMENT 'prior strength m, chosen before train_until',
    with_org Bool COMMENT 'organisations were compared too',
    calendar_version LowCardinality(String),
    predictions UInt64,
    subjects UInt64,
    late UInt64 COMMENT 'predictions about subjects that missed their due',
    auc_model Nullable(Float64),
    auc_baseline Nullable(Float64),
    brier_model Nullable(Float64),
    brier_baseline Nullable(Float64),
    brier_constant Nullable(Float64),
    brier_gain Nullable(Float64),
    brier_gain_error Nullable(Float64),
    verdict LowCardinality(String) COMMENT 'beats, no_better or too_few; why: docs/early-warning.md',
    evaluated_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(evaluated_at)
ORDER BY (source_sys, kind, as_of, age_hours)
