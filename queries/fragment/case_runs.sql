-- When a case was open, by its history, to be put into a WITH clause after rule_steps.
-- case_runs: (from, until) of each run: the first from the beginning of time to its
--   first end, the others from a reopening to the next end; forever = not ended
(state, stop) -> isNotNull(stop) OR state NOT IN ('', 'submitted', 'correcting', 'accepted', 'processing', 'suspended') AS ends,
arrayFilter(i -> ends(h_state[i], h_stop_at[i]) AND (i = 1 OR NOT ends(h_state[i - 1], h_stop_at[i - 1])), arrayEnumerate(h_at)) AS endings,
arrayFilter(i -> i > 1 AND NOT ends(h_state[i], h_stop_at[i]) AND ends(h_state[i - 1], h_stop_at[i - 1]), arrayEnumerate(h_at)) AS reopenings,
arrayMap((t, i) -> (t, if(i > length(endings), forever, assumeNotNull(ifNull(h_stop_at[endings[i]], h_at[endings[i]])))),
    arrayConcat([toDateTime64('1970-01-01 00:00:00', 3, 'UTC')], arrayMap(i -> h_at[i], reopenings)), range(1, length(reopenings) + 2)) AS case_runs
