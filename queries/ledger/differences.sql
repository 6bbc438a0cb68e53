-- purpose: Show alerts in which the product and the ledger of a simulation differ.
-- grain: one row per alert, so many of each rule and kind of difference
-- include: ledger_pairs
-- param: per_rule UInt32 = at most so many of each rule and kind
-- column: rule String = rule
-- column: difference String = missing, extra or different
-- column: subject_no String = subject
-- column: clock_no String = clock or period
-- column: expected String = what the ledger says: severity, since when, until when
-- column: raised String = what was announced
WITH
ms -> if(ms = 0, '', substring(formatDateTime(fromUnixTimestamp64Milli(ms), '%Y-%m-%dT%H:%i:%S.%f', 'Asia/Shanghai'), 1, 23)) AS local,
x -> concat(x.1, if(x.2 = 0, '', ' since '), local(x.2), if(x.4 = 0, '', ' until '), local(x.4)) AS words
SELECT rule, multiIf(NOT given, 'missing', NOT wanted, 'extra', 'different') AS difference, subject_no, clock_no,
    if(wanted, words(want), '') AS expected, if(given, words(got), '') AS raised
FROM ({{ledger_pairs}})
WHERE NOT wanted OR NOT given OR want != got
ORDER BY rule, difference, subject_no, clock_no
LIMIT {per_rule:UInt32} BY rule, difference
