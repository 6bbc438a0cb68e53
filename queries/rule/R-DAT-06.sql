-- purpose: Catalogue error: a version of an item lacks limit, unit or code, or promises more time than the law allows.
-- grain: one row per version of an item with an error
-- include: workdays, steps, item_history
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- source: domain guide 6.2, R-DAT-06; 2.4 "promise > legal"
-- Decisions: from the first day of force, or the arrival of a later fact of the
-- version that is wrong; over with a fact that is right, or with the force. Limits in
-- different units are compared in calendar days: W 7/5, M 30, H 7/40 (five days of
-- eight hours make a week). A unit is missing when a limit is given without one.
WITH
{{workdays}},
{{steps}},
(n, u) -> toFloat64(n) * multiIf(u = 'C', 1., u = 'M', 30., u = 'H', 7. / 40., 7. / 5.) AS calendar_days_of,
arrayMap(x -> arrayFilter(e -> e != '', [
    if(isNull(x.3), 'no_promise_limit', ''),
    if(isNull(x.5), 'no_legal_limit', ''),
    if((isNotNull(x.3) AND x.4 = '') OR (isNotNull(x.5) AND x.6 = ''), 'no_unit', ''),
    if(x.7 = '', 'no_catalogue_code', ''),
    if(isNotNull(x.3) AND isNotNull(x.5) AND calendar_days_of(ifNull(x.3, 0), x.4) > calendar_days_of(ifNull(x.5, 0), x.6), 'promise_longer_than_law', '')]), states) AS errors,
arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, tidy_steps(arrayFilter(s -> s.1 <= force_until, arrayConcat(
    [(force_from, if(notEmpty(errors[arrayLastIndex((x, i) -> i = 1 OR x.1 <= force_from, states, arrayEnumerate(states))]), 'notice', ''))],
    arrayFilter((s, i) -> i > 1 AND s.1 > force_from, arrayMap((x, e) -> (x.1, if(notEmpty(e), 'notice', '')), states, errors), arrayEnumerate(states)),
    [(force_until, '')])))) AS steps
SELECT
    source_sys, task_code AS subject_no, task_version AS clock_no, org_code, region_code, task_code, '' AS window_id, '' AS staff_id,
    steps, NULL AS due_at,
    map('errors', arrayStringConcat(arrayLast(e -> notEmpty(e), errors), ' '), 'version', task_version) AS evidence
FROM ({{item_history}})
WHERE notEmpty(steps) AND force_until > {from:DateTime64(3,'UTC')} - INTERVAL 31 DAY AND force_from < force_until
