-- One row per clock of a ticket that began in the period and is settled, as case_clocks. It belongs to the
-- organisation that got the ticket when it began (C8).
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: org String ? = organisation that got the ticket; empty = all
-- include: org_filter, tickets_known, instant_until, clock_terms, counted, holder
SELECT * EXCEPT (org_code) REPLACE (clock_due AS due_at), clock_org AS org_code, is_met AS in_numerator, is_met OR is_past AS in_denominator, clock_start AS bucket_at
FROM
(
    WITH {{clock_terms}},
    {{counted}},
    {{holder}}
    SELECT *, clock, clock_start, clock_due, clock_stop, is_met, is_past, holder(clock_start) AS clock_org
    FROM ({{tickets_known}})
    ARRAY JOIN k_clock AS clock, k_start_at AS clock_start, k_due_at AS clock_due, k_stop_at AS clock_stop, k_outcome AS clock_outcome
    WHERE clock_start >= {from:DateTime64(3,'UTC')} AND clock_start < {{instant_until}} AND counted(assumeNotNull(if(is_met, clock_stop, clock_due)))
)
WHERE in_denominator AND {{org_filter}}
