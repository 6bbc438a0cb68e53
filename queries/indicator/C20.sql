-- purpose: Cases per member of staff (窗口人均办件).
-- grain: one row per group
-- column: numerator UInt64 = cases finished in the period
-- column: denominator UInt64 = members of staff who acted in the period
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.4, C20
-- dims: case
-- evidence: list_cases
-- include: cases_as_of, instant_until, per_staff
-- Staff are counted once by organisation and number; numbers of staff of parts do not add up.
WITH figure_rows AS
(
SELECT *, promise_due AS due_at, role = 'finished' AS in_numerator, role = 'acted' AS in_denominator, role_at AS bucket_at
FROM
(
    SELECT * REPLACE (if(act.1 = 'acted' AND act.4 != '', act.4, toString(org_code)) AS org_code), act.1 AS role, act.2 AS role_at, act.3 AS acting_staff
    FROM ({{cases_as_of}})
    ARRAY JOIN arrayConcat(
        if(is_finished, [('finished', assumeNotNull(completed_at), '', '')], []),
        arrayFilter(a -> a.3 != '', arrayMap((at, s, o) -> ('acted', at, toString(s), toString(o)), f_at, f_staff, f_org))) AS act
    WHERE excluded != 'incomplete'
)
WHERE role_at >= {from:DateTime64(3,'UTC')} AND role_at < {{instant_until}}
)
{{per_staff}}
