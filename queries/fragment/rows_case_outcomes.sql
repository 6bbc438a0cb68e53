-- Every case that began in the period, with what became of its deadline by as_of.
-- param: basis String ? = promise (default), legal, or source: the deadline that the source itself gave
-- param: from DateTime64(3,'UTC') ? = first instant of the period in which the case began; nothing = from the beginning
-- include: cases_as_of, instant_until
SELECT
    * EXCEPT (due_at), due AS due_at, began_at AS bucket_at,
    multiIf(
        excluded != '', 'excluded',
        isNull(due), if(isNull(stop_at), 'open_no_due', 'stopped_no_due'),
        isNotNull(stop_at), if(assumeNotNull(stop_at) <= assumeNotNull(due), 'on_time', 'late'),
        ifNull(pause_until >= {as_of:DateTime64(3,'UTC')}, false), 'paused',
        assumeNotNull(due) < {as_of:DateTime64(3,'UTC')}, 'open_overdue',
        'open_in_time') AS outcome
FROM
(
    SELECT *, promise_due AS due_at, multiIf({basis:String} = 'legal', legal_due, {basis:String} = 'source', source_due_at, promise_due) AS due, assumeNotNull(coalesce(applied_at, accepted_at, begun_at)) AS began_at
    FROM ({{cases_as_of}})
)
WHERE began_at >= {from:DateTime64(3,'UTC')} AND began_at < {{instant_until}}
