-- When a case was open, to be put into a WITH clause after rule_steps. By the facts in
-- force: an end that was voided is none, and only a reopening begins another run.
-- case_runs: (from, until) of each run: the first from the beginning of time to its
--   first end, the others from a reopening to the next end; forever = not ended
arrayFilter(p -> isNotNull(p.2) AND arrayExists((k, legal, t) -> k = 'reopen' AND legal AND t = assumeNotNull(p.2), f_type, f_legal, f_at), arrayZip(p_from_at, p_until_at)) AS breaks,
(state, stop) -> isNotNull(stop) OR state NOT IN ('', 'submitted', 'correcting', 'accepted', 'processing', 'suspended') AS ends,
if(ends(h_state[-1], h_stop_at[-1]), coalesce(h_stop_at[-1], h_at[arrayLastIndex((state, stop) -> NOT ends(state, stop), h_state, h_stop_at) + 1]), forever) AS last_end,
arrayZip(arrayConcat([toDateTime64('1970-01-01 00:00:00', 3, 'UTC')], arrayMap(p -> assumeNotNull(p.2), breaks)), arrayConcat(arrayMap(p -> p.1, breaks), [assumeNotNull(last_end)])) AS case_runs
