-- What rules about hours have said of work items, as (rule, item, clock). These rules are
-- not asked again about hours that are over: what turns out not to hold, because the
-- reply was told late, is taken back by a row that says that nothing holds.
SELECT toString(rule_id) AS rule_id, subject_no, toString(clock_no) AS clock_no FROM alert_chains WHERE subject_kind = 'order' AND source_sys = '' AND notEmpty(step_at)
