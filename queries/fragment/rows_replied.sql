-- Tickets replied in the period.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- include: tickets_as_of, instant_until, counted
WITH {{counted}}
SELECT *, true AS in_numerator, true AS in_denominator, assumeNotNull(stop_at) AS bucket_at
FROM ({{tickets_as_of}})
WHERE counted(assumeNotNull(stop_at)) AND stop_at >= {from:DateTime64(3,'UTC')} AND stop_at < {{instant_until}}
    AND arrayExists((t, at) -> t = 't_reply' AND at <= {as_of:DateTime64(3,'UTC')}, f_type, f_at)
