-- purpose: Bad rating not verified: a bad-rating order is still to be verified after one working day.
-- grain: one row per bad-rating order that was not verified in time
-- include: workdays, rule_steps, steps, work_terms, work_pieces, ratings_gone
-- param: until DateTime64(3,'UTC') = end of the hour
-- param: verify_days UInt16 = working days from the rating order on
-- source: domain guide 6.2, R-SAT-01; 4, state verifying
-- Decisions: from the opening to the end of the next working day; over as soon as the
-- order is in any other state than opened and verifying (valid, or claimed to be
-- invalid: then a supervisor has it). Only steps that were reached by the end of the
-- hour are said.
-- An order whose rating counts no more (taken out, replaced, revised), or of which is
-- known by now that it was verified in time, says that nothing holds, which takes
-- back what was said before.
WITH
{{workdays}},
{{rule_steps}},
{{steps}},
{{work_terms}},
arrayFirst(p -> p.3 NOT IN ('opened', 'verifying'), arrayConcat(pieces, [(far, far, 'closed', far, 0, '')])).1 AS verified,
day_end(add_wd(local_day(pieces[1].1), {verify_days:UInt16})) AS due,
surely(local_day(pieces[1].1), local_day(due), due) AS sure_due,
id IN ({{ratings_gone}}) OR (verified <= sure_due AND id IN (SELECT subject_no FROM alert_chains WHERE rule_id = 'R-SAT-01' AND subject_kind = 'order')) AS taken_back
SELECT
    '' AS source_sys, id AS subject_no, '' AS clock_no, org_code, region_code, '' AS task_code, '' AS window_id, '' AS staff_id,
    if(taken_back, [(pieces[1].1, '')], arrayFilter(s -> s.1 <= {until:DateTime64(3,'UTC')}, [(addMilliseconds(sure_due, 1), 'warning'), (greatest(verified, addMilliseconds(sure_due, 2)), '')])) AS steps,
    CAST(due, 'Nullable(DateTime64(3, \'UTC\'))') AS due_at,
    map('opened_at', toString(pieces[1].1)) AS evidence
FROM ({{work_pieces}})
WHERE kind = 'rating' AND (taken_back OR verified > sure_due AND sure_due < forever) AND notEmpty(steps)
