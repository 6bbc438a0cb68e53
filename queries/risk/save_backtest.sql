-- purpose: Keep one line of a verdict on early warning.
-- grain: one row: one source, kind and landmark age of one verdict
-- param: source String = source system
-- param: kind String = case or ticket
-- param: as_of DateTime64(3,'UTC') = what was known by then was judged
-- param: age_hours Float64 = landmark age; -1 = all
-- param: train_from DateTime64(3,'UTC') = learned from
-- param: train_until DateTime64(3,'UTC') = learned before, judged after
-- param: strength Float64 = prior strength m
-- param: with_org UInt8 = 1: organisations were compared too
-- param: calendar String = version of the calendar
-- param: predictions UInt64 = predictions judged
-- param: subjects UInt64 = subjects they are about
-- param: late UInt64 = predictions about late subjects
-- param: auc_model Nullable(Float64) = area under the ROC curve
-- param: auc_baseline Nullable(Float64) = the same of the baseline
-- param: brier_model Nullable(Float64) = Brier score
-- param: brier_baseline Nullable(Float64) = the same of the calibrated baseline
-- param: brier_constant Nullable(Float64) = the same of a constant
-- param: brier_gain Nullable(Float64) = brier_baseline - brier_model
-- param: brier_gain_error Nullable(Float64) = its standard error
-- param: verdict String = beats, no_better or too_few
-- param: evaluated_at DateTime64(3,'UTC') = when
INSERT INTO risk_backtests
SELECT
    {source:String}, {kind:String}, {as_of:DateTime64(3,'UTC')}, {age_hours:Float64}, {train_from:DateTime64(3,'UTC')}, {train_until:DateTime64(3,'UTC')},
    {strength:Float64}, {with_org:UInt8}, {calendar:String}, {predictions:UInt64}, {subjects:UInt64}, {late:UInt64},
    {auc_model:Nullable(Float64)}, {auc_baseline:Nullable(Float64)}, {brier_model:Nullable(Float64)}, {brier_baseline:Nullable(Float64)},
    {brier_constant:Nullable(Float64)}, {brier_gain:Nullable(Float64)}, {brier_gain_error:Nullable(Float64)}, {verdict:String}, {evaluated_at:DateTime64(3,'UTC')}
