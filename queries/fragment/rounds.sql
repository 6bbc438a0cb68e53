-- The rounds of a case, to be put into a WITH clause: a reopening begins a new one.
-- rounds_of_facts: of each fact, how many reopenings came before it
-- round_no(round): clock_no of a round from 0; '' is the first
arrayCumSum((k, legal) -> k = 'reopen' AND legal, f_type, f_legal) AS rounds_of_facts,
n -> if(n = 0, '', concat('reopened/', toString(n))) AS round_no
