-- purpose: Efficiency complaints handled in time (投诉办理及时率).
-- grain: one row per group
-- column: numerator UInt64 = those decided on within five working days
-- column: denominator UInt64 = efficiency complaints received in the period that were decided or are past
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- source: domain guide 5.8, G11
-- dims: ticket
-- evidence: list_tickets
-- param: org String ? = organisation that had the ticket when it was decided, or should have been; empty = all
-- include: org_filter, tickets_known, instant_until, days_in_force, said, counted, holder, ratio
-- A reply or a close is a decision too; what is within its time is out. What is called such a complaint
-- when that time is over is none: nobody knew.
WITH figure_rows AS
(
WITH
    {{days_in_force}},
    {{said}},
    {{counted}},
    {{holder}}
SELECT * EXCEPT (org_code), holder(least(decide_due, ifNull(decided_at, decide_due))) AS org_code, ifNull(decided_at <= decide_due, false) AS in_numerator, in_numerator OR decide_due < {as_of:DateTime64(3,'UTC')} AS in_denominator, assumeNotNull(received_at) AS bucket_at
FROM
(
    SELECT * REPLACE (toNullable(decide_due) AS due_at), day_end(add_wd(local_day(assumeNotNull(received_at)), 5)) AS decide_due,
        arrayMin(arrayMap(x -> toNullable(x), arrayFilter((at, t, p, legal) -> at >= assumeNotNull(received_at) AND at <= {as_of:DateTime64(3,'UTC')} AND (says(p, 'accepted_by_supervisor') OR t IN ('t_reply', 't_close', 't_answer_direct') AND (legal OR has(h_stop_at, at))), f_at, f_type, f_payload, f_legal))) AS first_answer,
        if(first_answer = toDateTime64(0, 3, 'UTC'), NULL, first_answer) AS decided_at
    FROM ({{tickets_known}})
    WHERE received_at >= {from:DateTime64(3,'UTC')} AND received_at < {{instant_until}} AND arrayExists((p, at) -> at <= least({as_of:DateTime64(3,'UTC')}, decide_due) AND JSONExtractBool(p, 'to_supervisor'), f_payload, f_at) AND notEmpty(wd_days)
)
WHERE in_denominator AND counted(least(decide_due, ifNull(decided_at, decide_due))) AND {{org_filter}}
)
{{ratio}}
