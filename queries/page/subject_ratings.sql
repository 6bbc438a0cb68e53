-- purpose: The satisfaction ratings of one case or ticket.
-- grain: one row per rating
-- param: kind String = case or ticket
-- param: source String = source system of the subject
-- param: subject_no String = number of the subject
-- param: as_of DateTime64(3,'UTC') = later ratings are left out
-- column: level UInt8 = 1 very dissatisfied … 5 very satisfied
-- column: status String = valid, default, excluded, follow_up, late or early
-- column: counts Bool = it counts in satisfaction figures as of the instant
-- source: domain guide 4
SELECT
    rated_at, served_at, level, status, channel, rating_id, rating_source,
    status = 'valid' AND valid_from <= {as_of:DateTime64(3,'UTC')} AND valid_until > {as_of:DateTime64(3,'UTC')} AS counts
FROM rating_states FINAL
ARRAY JOIN
    r_rated_at AS rated_at, r_served_at AS served_at, r_level AS level, r_status AS status, r_channel AS channel,
    r_rating_id AS rating_id, r_source_sys AS rating_source, r_from AS valid_from, r_until AS valid_until
WHERE subject_kind = {kind:String} AND subject_sys = {source:String} AND subject_no = {subject_no:String}
    AND rated_at <= {as_of:DateTime64(3,'UTC')}
ORDER BY rated_at, rating_id
