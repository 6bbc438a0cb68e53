-- One row per dispatch or return of a ticket in the period that the life cycle allows, with
-- what came next: a return that follows a dispatch, a dispatch that follows a return. It
-- belongs to the organisation that the ticket was with. A return is rejected where the ticket
-- goes back to the same organisation, and where the next dispatch says so; what the return says of itself is a wish.
-- param: from DateTime64(3,'UTC') ? = first instant of the period; nothing = from the beginning
-- param: org String ? = organisation that the ticket was with; empty = all
-- include: org_filter, tickets_known, instant_until, said, counted
SELECT * EXCEPT (org_code), move_org AS org_code, move_at AS bucket_at
FROM
(
    WITH
        {{said}},
        {{counted}},
        arrayFilter(j -> f_type[j] IN ('t_dispatch', 't_redispatch', 't_return') AND f_legal[j] AND f_at[j] <= {as_of:DateTime64(3,'UTC')}, arrayEnumerate(f_type)) AS moves,
        arrayMap(j -> toString(f_org[arrayLast(k -> k <= j AND f_type[k] != 't_return' AND f_org[k] != '', moves)]), moves) AS with_orgs
    SELECT *,
        f_type[moves[m]] = 't_return' AS is_return,
        f_at[moves[m]] AS move_at,
        with_orgs[m] AS move_org,
        f_type[moves[m + 1]] AS next_type,
        is_return AND next_type IN ('t_dispatch', 't_redispatch') AND (f_org[moves[m + 1]] IN ('', move_org) OR says_no(f_payload[moves[m + 1]], 'accepted')) AS is_rejected
    FROM ({{tickets_known}})
    ARRAY JOIN arrayEnumerate(moves) AS m
    WHERE counted(move_at)
)
WHERE move_at >= {from:DateTime64(3,'UTC')} AND move_at < {{instant_until}} AND {{org_filter}}
