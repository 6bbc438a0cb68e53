-- When the services of rated subjects were rendered, for ratings that do not say: one row
-- per case or ticket, with the instants at which it was decided, finished, delivered or
-- otherwise ended, as its history knows them; of a ticket, answered and closed. What
-- ended once is a service that was rendered, also when it was taken up again.
-- Uses of the text around it: rated_without, the subjects asked for.
SELECT 'case' AS service_kind, source_sys AS service_sys, case_no AS service_subject,
    arraySort(arrayDistinct(arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), arrayConcat(
        h_decided_at, h_finished_at, h_delivered_at, h_stop_at,
        arrayMap(x -> toNullable(x), arrayFilter((at, s) -> s IN ('not_accepted', 'withdrawn', 'terminated'), h_at, h_state))))))) AS services
FROM cases FINAL
WHERE (source_sys, case_no) IN (SELECT subject_sys, subject_no FROM rated_without WHERE subject_kind = 'case')
UNION ALL
SELECT 'ticket', source_sys, ticket_no,
    arraySort(arrayDistinct(arrayMap(x -> assumeNotNull(x), arrayFilter(x -> isNotNull(x), arrayConcat(h_stop_at, h_closed_at)))))
FROM tickets FINAL
WHERE (source_sys, ticket_no) IN (SELECT subject_sys, subject_no FROM rated_without WHERE subject_kind = 'ticket')
