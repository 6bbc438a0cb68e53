-- The refusals of a case by its rounds, to be put into a WITH clause: what a refusal of
-- one round says does not answer for another.
-- refusals: (round from 0, indexes of the refusals in it), rounds without one left out; a
--   refusal is not_accept, or a decision or finish with result denied
-- include: rounds
{{rounds}},
arrayFilter((x, k, p) -> k = 'not_accept' OR k IN ('decide', 'finish') AND JSONExtractString(p, 'result_type') = 'denied', arrayEnumerate(f_type), f_type, f_payload) AS denials,
arrayMap(n -> (n, arrayFilter(x -> rounds_of_facts[x] = n, denials)), arrayDistinct(arrayMap(x -> rounds_of_facts[x], denials))) AS refusals
