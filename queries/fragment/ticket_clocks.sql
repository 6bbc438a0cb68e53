-- One row per clock of a ticket that began in the period and is settled, as case_clocks.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: tickets_as_of, instant_until, clock_terms, counted
SELECT * REPLACE (clock_due AS due_at), is_met AS in_numerator, is_met OR is_past AS in_denominator, clock_start AS bucket_at
FROM
(
    WITH {{clock_terms}},
    {{counted}}
    SELECT *, clock, clock_start, clock_due, clock_stop, is_met, is_past
    FROM ({{tickets_as_of}})
    ARRAY JOIN k_clock AS clock, k_start_at AS clock_start, k_due_at AS clock_due, k_stop_at AS clock_stop, k_outcome AS clock_outcome
    WHERE clock_start >= {from:DateTime64(3,'UTC')} AND clock_start < {{instant_until}} AND counted(assumeNotNull(if(is_met, clock_stop, clock_due)))
)
WHERE in_denominator
