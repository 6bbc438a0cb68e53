-- When the limit of a case (K3, K4) was at risk or broken, read from the history
-- of its state; to be put into a WITH clause after workdays and rule_steps. The
-- history knows what was due as of each instant: a pause or an extension that
-- came after the due does not undo what was broken before it.
-- h_until: the end of each piece of the history
-- runs(state, excluded, stop, due): the clock runs in a piece
-- from_start(at, pause): when a clock that is paused at the beginning of a piece can
--   give alerts: never within the approved days of a pause
-- amended(i): nothing happened to the case at the beginning of a piece that could move
--   its due: if it moved all the same, a void or an amend did it
-- corrected(dues): the dues with those that a void or an amend replaced as it came:
--   a promise that is amended was never another one
-- over(dues, pauses): the first instant after one of the dues (one for each piece) while
--   the clock ran, which stands still until the end of its pauses (one for each piece), or
--   at its stop; null = never. Pieces that later facts contradict (the
--   acceptance or the stop was corrected) do not count.
-- sure_dues(dues, starts): the dues (one for each piece) as late as a notice of the State
--   Council that is still to come may move them; a due that the source gave is as it is
-- soon(lows): the spans (from, until) of the history in which the clock ran, the
--   promised due had not passed and an instant of lows (one for each piece) had
-- limit_days: the limit of K3 in working days; one in other units in the working
--   days that it takes
-- include: rule_steps
arrayPushBack(arrayPopFront(h_at), forever) AS h_until,
(state, excluded, stop, due) -> excluded = '' AND isNull(stop) AND isNotNull(due)
    AND state IN ('submitted', 'correcting', 'accepted', 'processing', 'suspended') AS runs,
(at, pause) -> greatest(at, if(isNull(pause), at, addMilliseconds(assumeNotNull(pause), 1))) AS from_start,
i -> h_state[i] = h_state[i - 1] AND h_extensions[i] = h_extensions[i - 1] AND h_suspensions[i] = h_suspensions[i - 1]
    AND ifNull(toUnixTimestamp64Milli(h_pause_until[i]), 0) = ifNull(toUnixTimestamp64Milli(h_pause_until[i - 1]), 0)
    AND ifNull(toUnixTimestamp64Milli(h_legal_pause_until[i]), 0) = ifNull(toUnixTimestamp64Milli(h_legal_pause_until[i - 1]), 0)
    AND ifNull(toUnixTimestamp64Milli(h_accepted_at[i]), 0) = ifNull(toUnixTimestamp64Milli(h_accepted_at[i - 1]), 0) AS amended,
dues -> arrayMap((due, j) -> arrayFold((x, p) -> if(ifNull(x = p.2, false), p.3, x),
    arrayFilter(p -> p.1 > j AND isNotNull(p.2) AND isNotNull(p.3) AND p.2 != p.3,
        arrayMap(i -> (i, if(amended(i), dues[i - 1], NULL), dues[i]), arrayPopFront(arrayEnumerate(dues)))), due),
    dues, arrayEnumerate(dues)) AS corrected,
(given, pauses) -> arrayFirst(x -> isNotNull(x), arrayMap(
    (at, until, due, state, excluded, stop, pause, accepted, basis) -> if(
        excluded = '' AND isNotNull(due)
            AND (basis = 'source' OR ifNull(toUnixTimestamp64Milli(accepted), 0) = ifNull(toUnixTimestamp64Milli(h_accepted_at[-1]), 0))
            AND (isNull(h_stop_at[-1]) OR assumeNotNull(h_stop_at[-1]) > assumeNotNull(due))
            AND (runs(state, excluded, stop, due) AND greatest(after(assumeNotNull(due)), from_start(at, pause)) < until
                OR isNotNull(stop) AND assumeNotNull(stop) > assumeNotNull(due)),
        toNullable(greatest(after(assumeNotNull(due)), if(isNull(stop), from_start(at, pause), at))), NULL),
    h_at, h_until, corrected(given), h_state, h_excluded, h_stop_at, pauses, h_accepted_at, h_promise_basis)) AS over,
(given, starts) -> arrayMap((due, start, basis) -> if(isNull(due) OR basis = 'source' OR isNull(start), due,
    toNullable(surely(local_day(assumeNotNull(start)), local_day(assumeNotNull(due)), assumeNotNull(due)))), given, starts, h_promise_basis) AS sure_dues,
lows -> arrayFilter(p -> p.1 < p.2, arrayMap(
    (at, until, low, due, state, excluded, stop, pause) -> if(runs(state, excluded, stop, due),
        (assumeNotNull(greatest(from_start(at, pause), low)), assumeNotNull(least(until, after(assumeNotNull(due))))), (forever, forever)),
    h_at, h_until, lows, h_promise_due, h_state, h_excluded, h_stop_at, h_pause_until)) AS soon,
arrayLastIndex(c -> c = 'K3', k_clock) AS k3,
if(k_unit[k3] = 'W', assumeNotNull(k_limit[k3]),
    count_wd(local_day(k_start_at[k3]), local_day(assumeNotNull(k_due_at[k3]))) - k_paused_days[k3]) AS limit_days
