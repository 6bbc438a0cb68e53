-- Steps under declared outages, for a WITH clause. A rise that is reached within an
-- outage waits for its end, or never comes when the outage is its cause (effect
-- excuse); an end of severity comes when it comes. A step that the next one
-- overtakes so is left out.
-- outage_list: (id, from, until, excuse, scope, code, stem, orgs, categories, rules) by beginning
-- outage_shift(t, list): when a rise at t is announced; never: 2299
-- outage_binds(o, severity, said): whether it moves a step of a severity; a hold moves none that
--   was announced before it was declared (said: (instant, severity) as announced), which stands
-- outage_effective(at, severity, list, said): the steps that are announced
-- outage_covers(o, source, org, region, path, category, rule): is what a rule says of them within the scope
-- include: outages
(SELECT arraySort(o -> (o.2, o.1), groupArray((id, from_at, until_at, effect = 'excuse', scope, code, stem, orgs, categories, rules))) FROM ({{outages}})) AS outage_list,
toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS outage_never,
(o, source, org, region, path, category, rule) -> (empty(o.9) AND empty(o.10) OR has(o.9, category) OR has(o.10, rule))
    AND (o.5 = 'all' OR (o.5 = 'source' AND source = o.6) OR (o.5 = 'org' AND has(o.8, org))
        OR (o.5 = 'region' AND (has(path, o.6) OR (empty(path) AND region != '' AND startsWith(region, o.7))))) AS outage_covers,
(t, list) -> arrayFold((x, o) -> if(x >= o.2 AND x < o.3, if(o.4, outage_never, o.3), x), list, t) AS outage_shift,
(o, severity, said) -> o.4 OR NOT arrayExists(x -> x.2 = severity AND x.1 < o.3, said) AS outage_binds,
(at, severity, list, said) -> arrayFilter((s, i) -> s.1 < if(i = length(at), outage_never, at[i + 1]),
    arrayMap((t, s) -> (if(s = '', t, outage_shift(t, arrayFilter(o -> outage_binds(o, s, said), list))), s), at, severity), arrayEnumerate(at)) AS outage_effective
