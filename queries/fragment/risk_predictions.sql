-- What early warning says about a source at landmark ages, with what came of it. Rows
-- after train_until whose outcome is known at as_of are the test (is_test); rows
-- before it whose outcome was known by then are what the naive baseline is
-- calibrated on (is_base).
-- include: risk_scored
-- param: kind String = case or ticket
-- param: as_of DateTime64(3,'UTC') = end of the test: outcomes as known then; facts that occurred later do not exist
-- param: train_from DateTime64(3,'UTC') ? = dues from here on are learned from; nothing = from the beginning
-- param: train_until DateTime64(3,'UTC') = everything learned was known by then
-- param: landmarks Array(Float64) = ages, in hours since the start of the clock, at which a prediction is made
-- param: strengths Array(Float64) = prior strengths m, in subjects; each gives its own predictions
-- param: with_org UInt8 = 1: organisations are compared too
WITH
    {kind:String} AS asked_kind,
    {as_of:DateTime64(3,'UTC')} AS last_fact,
    {train_from:DateTime64(3,'UTC')} AS learn_from,
    {train_until:DateTime64(3,'UTC')} AS learn_until,
    src -> {strengths:Array(Float64)} AS strengths_of,
    src -> {with_org:UInt8} AS with_org,
    12 AS moment,
    hist -> arrayFirst(x -> isNotNull(x.6), hist).6 AS first_start,
    hist -> if(isNull(first_start(hist)), [],
        arrayMap(h -> addMilliseconds(assumeNotNull(first_start(hist)), toInt64(3600000 * h)), {landmarks:Array(Float64)})) AS asked
SELECT
    strength, source_sys, subject_no, at, round(dateDiff('millisecond', e.6, at) / 3600000, 3) AS landmark, unit, left, grid, item, step, org, used,
    round(probability, 12) AS probability, ks, ns, cell, due_at,
    at >= learn_until AND last_end.4 = '' AND ifNull(last_end.8 < last_fact, false) AS is_test,
    at < learn_until AND can_learn AS is_base,
    if(is_test, last_end.7, learned_end.7) AS stop_at,
    if(is_test, last_end.8, learned_end.8) AS final_due,
    toUInt8(if(is_test, last_late, learned_late)) AS late
FROM ({{risk_scored}})
WHERE is_test OR is_base
