-- purpose: Repeated complaints: the same subject for the third time within 90 days, or three complaints about one window within 30.
-- grain: one row per run of tickets in which the number stays full
-- include: steps
-- param: from DateTime64(3,'UTC') = beginning of the day
-- param: until DateTime64(3,'UTC') = end of the day
-- param: days UInt16 = days in which tickets on the same subject are counted
-- param: window_days UInt16 = days in which complaints about the same window are counted
-- param: warn_count UInt16 = warning with this ticket
-- param: yellow_count UInt16 = yellow with this one
-- source: domain guide 6.2, R-HOT-06; 3 "Links · repeats"
-- Decisions: tickets are on the same subject when caller token, topic and place
-- agree, when they are about the same case, or when one says that it repeats the
-- other; consultations, suggestions and praise are left out, and so are invalid,
-- merged, hung and, for windows, secret tickets. A run begins with the ticket that
-- makes the number full and lasts while it stays full; the alert is that ticket's, so
-- that it does not change when more come. Fewer than the same number of complaints
-- about a case in 30 days need no rule of their own: they are within the 90. The
-- caller is in no column. Tickets of twice the period before the day are read, so a
-- ticket that is told late is counted.
WITH
{{steps}},
-- the organisation that is charged learns the numbers of its own tickets, of the others how many
arrayFilter(x -> x.1 >= subtractDays(list[s].1, days_of) AND x.1 <= list[s].1, list) AS counted,
arrayFilter(x -> x.4 = list[s].4, counted) AS told
SELECT
    list[s].2 AS source_sys, list[s].3 AS subject_no, kind_of_key AS clock_no, list[s].4 AS org_code, list[s].5 AS region_code, '' AS task_code,
    list[s].6 AS window_id, '' AS staff_id,
    rising_steps(arrayConcat([(list[s].1, 'warning')],
        arrayMap(i -> (list[i].1, 'yellow'), arraySlice(arrayFilter(i -> i >= s AND counts[i] >= {yellow_count:UInt16}
            AND NOT arrayExists(n -> n > s AND n <= i, starts), arrayEnumerate(list)), 1, 1)))) AS steps,
    NULL AS due_at,
    mapFilter((k, v) -> v != '0', map('tickets', arrayStringConcat(arrayMap(x -> x.3, told), ' '), 'tickets_of_others', toString(length(counted) - length(told)), 'days', toString(days_of))) AS evidence
FROM
(
    SELECT kind_of_key,
        arraySort(groupArray((received, toString(source_sys), ticket_no, toString(org_code), toString(region_code), win))) AS list,
        any(period) AS days_of,
        arrayMap(x -> toUInt32(arrayCount(y -> y.1 <= x.1 AND y.1 >= subtractDays(x.1, days_of), list)), list) AS counts,
        arrayFilter(i -> counts[i] >= {warn_count:UInt16} AND (i = 1 OR counts[i - 1] < {warn_count:UInt16}), arrayEnumerate(list)) AS starts
    FROM
    (
        SELECT source_sys, ticket_no, org_code, region_code, k.1 AS kind_of_key, k.2 AS key, k.3 AS period, k.4 AS win,
            f_at[1] AS received
        FROM tickets FINAL
        ARRAY JOIN arrayFilter(k -> k.2 != '', [
            ('caller', if(arrayExists(p -> JSONExtractString(p, 'caller_token') != '', f_payload) AND ticket_topic != '', lower(hex(sipHash128(
                arrayFirst(v -> v != '', arrayMap(p -> JSONExtractString(p, 'caller_token'), f_payload)), toString(ticket_topic),
                arrayFirst(v -> v != '', arrayConcat(arrayMap(p -> JSONExtractString(p, 'place'), f_payload), ['-']))))), ''), {days:UInt16}, ''),
            ('case', if(case_no = '', '', concat(source_sys, '/', case_no)), {days:UInt16}, ''),
            ('repeat', concat(source_sys, '/', if(repeat_of = '', ticket_no, repeat_of)), {days:UInt16}, ''),
            ('window', if(kind NOT IN ('complaint', 'report') OR h_excluded[-1] = 'secret', '', concat(toString(region_code), '/',
                arrayFirst(v -> v != '', arrayConcat(arrayMap(p -> JSONExtractString(p, 'about_org'), f_payload), [toString(org_code)])), '/',
                arrayFirst(v -> v != '', arrayConcat(arrayMap(p -> JSONExtractString(p, 'about_window'), f_payload), ['-'])))), {window_days:UInt16},
                arrayFirst(v -> v != '', arrayConcat(arrayMap(p -> JSONExtractString(p, 'about_window'), f_payload), ['-'])))
        ]) AS k
        WHERE first_at < {until:DateTime64(3,'UTC')} AND first_at >= subtractDays({from:DateTime64(3,'UTC')}, 3 * {days:UInt16})
            AND NOT is_test AND h_excluded[-1] != 'void' AND h_excluded[arrayLastIndex(t -> t < {until:DateTime64(3,'UTC')}, h_at)] = '' AND kind NOT IN ('consult', 'suggest', 'praise') AND notEmpty(f_at)
            AND NOT (k.1 = 'window' AND k.4 = '-')
    )
    GROUP BY kind_of_key, key
    HAVING length(list) >= {warn_count:UInt16} AND notEmpty(starts)
)
ARRAY JOIN starts AS s
WHERE list[s].1 >= subtractDays({from:DateTime64(3,'UTC')}, {days:UInt16})
