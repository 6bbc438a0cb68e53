-- Every ticket that began in the period, with what became of its deadline by as_of.
-- param: basis String ? = rule or what stands in its place (default), or source: the deadline that the source itself gave
-- param: from DateTime64(3,'UTC') ? = first instant of the period in which the ticket began; nothing = from the beginning
-- include: tickets_as_of, instant_until
SELECT
    * EXCEPT (due_at), due AS due_at, began_at AS bucket_at,
    multiIf(
        excluded != '', 'excluded',
        isNull(due), if(isNull(stop_at), 'open_no_due', 'stopped_no_due'),
        isNotNull(stop_at), if(assumeNotNull(stop_at) <= assumeNotNull(due), 'on_time', 'late'),
        false, 'paused',
        assumeNotNull(due) < {as_of:DateTime64(3,'UTC')}, 'open_overdue',
        'open_in_time') AS outcome
FROM
(
    SELECT *, if({basis:String} = 'source', source_due_at, due_counted) AS due, assumeNotNull(coalesce(received_at, begun_at)) AS began_at
    FROM ({{tickets_as_of}})
)
WHERE began_at >= {from:DateTime64(3,'UTC')} AND began_at < {{instant_until}}
