-- purpose: Record the health of rules.
-- grain: one row per rule
-- param: rules Array(String) = ids
-- param: versions Array(UInt16) = versions
-- param: took Array(Float64) = seconds of the last evaluation
-- param: errors Array(String) = error of the last evaluation; empty = none
-- param: fold_version UInt64 = version of the round
-- param: watermark DateTime64(3,'UTC') = facts up to here are in it
-- param: at DateTime64(3,'UTC') = when
INSERT INTO rule_runs (rule_id, fold_version, rule_version, evaluated_at, watermark, took_s, chains, error)
SELECT r.1, {fold_version:UInt64}, r.2, {at:DateTime64(3,'UTC')}, {watermark:DateTime64(3,'UTC')}, r.3, 0, r.4
FROM (SELECT arrayJoin(arrayZip({rules:Array(String)}, {versions:Array(UInt16)}, {took:Array(Float64)}, {errors:Array(String)})) AS r)
