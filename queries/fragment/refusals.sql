-- The refusals of a case by its rounds, to be put into a WITH clause: a reopening begins
-- a new round, and what a refusal of one round says does not answer for another.
-- rounds_of_facts: of each fact, how many reopenings came before it
-- refusals: (round from 0, indexes of the refusals in it), rounds without one left out; a
--   refusal is not_accept, or a decision or finish with result denied
-- refusal_no(round): clock_no of a round; '' is the first
arrayCumSum((k, legal) -> k = 'reopen' AND legal, f_type, f_legal) AS rounds_of_facts,
arrayFilter((x, k, p) -> k = 'not_accept' OR k IN ('decide', 'finish') AND JSONExtractString(p, 'result_type') = 'denied', arrayEnumerate(f_type), f_type, f_payload) AS denials,
arrayMap(n -> (n, arrayFilter(x -> rounds_of_facts[x] = n, denials)), arrayDistinct(arrayMap(x -> rounds_of_facts[x], denials))) AS refusals,
n -> if(n = 0, '', concat('reopened/', toString(n))) AS refusal_no
