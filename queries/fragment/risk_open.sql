-- What is open and not yet past its due as of an instant, with the probability of
-- missing it. Learned from subjects of the same source whose due passed in the
-- learn_days before, by the facts until as_of. Uses of the text around it: asked_kind.
-- include: risk_scored, risk_verdicts, region_filter
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- param: region String ? = division whose subtree is meant; empty or 000000 = all
-- param: org String ? = organisation that answers for the subject; empty = all
-- param: unproven Bool ? = also sources where early warning does not beat the share of time used, or was never tested
-- param: learn_days UInt32 ? = dues of so many days before as_of are learned from; 0 = 1095
-- column: subject_no String = number of the case or ticket
-- column: left Float64 = working days (unit wd) or hours (unit h) to the due
-- column: days_left Float64 = the same in days
-- column: compared_left Float64 = the time left at which the learned ones are compared, in the same unit
-- column: probability Nullable(Float64) = of missing the due, in 0..1; null = nothing was learned
-- column: peers_late UInt64 = late ones in the group used
-- column: peers UInt64 = learned subjects in the group used
-- column: peer_group String = item_step_org, item_step, step_org, step or source: the finest group with at least `strength` learned subjects
-- column: ks Array(UInt64) = late ones of the five groups, from fine to coarse
-- column: ns Array(UInt64) = all of them
-- column: by_org Bool = organisations were compared too; else groups 1 and 3 have no part
-- column: source_share Float64 = p(6): late share of all learned landmarks of the source
-- column: verdict String = of the back-test: beats, no_better, too_few, or none
-- column: total UInt64 = rows that fit
WITH
    {as_of:DateTime64(3,'UTC')} AS last_fact,
    {as_of:DateTime64(3,'UTC')} AS learn_until,
    addDays({as_of:DateTime64(3,'UTC')}, -if({learn_days:UInt32} = 0, 1095, toInt32({learn_days:UInt32}))) AS learn_from,
    toHour({as_of:DateTime64(3,'UTC')}, 'Asia/Shanghai') AS moment,
    (SELECT mapFromArrays(groupArray(toString(source_sys)), groupArray((strength, toUInt8(with_org), toString(verdict)))) FROM ({{risk_verdicts}}) WHERE kind = asked_kind) AS verdicts,
    src -> if(mapContains(verdicts, toString(src)), [verdicts[toString(src)].1], [20.]) AS strengths_of,
    src -> verdicts[toString(src)].2 AS with_org,
    hist -> [{as_of:DateTime64(3,'UTC')}] AS asked
SELECT
    source_sys, subject_no, region_code, org AS org_code, item, step, e.11 AS state, e.6 AS started_at, due_at, unit, left,
    if(unit = 'h', left / 24, left) AS days_left,
    if(unit = 'h', pow(1.1, grid), toFloat64(grid)) AS compared_left,
    used,
    round(probability, 12) AS probability,
    ks[cell] AS peers_late, ns[cell] AS peers,
    ['item_step_org', 'item_step', 'step_org', 'step', 'source'][cell] AS peer_group,
    ks, ns, toBool(o) AS by_org, p6 AS source_share, strength,
    if(mapContains(verdicts, toString(source_sys)), verdicts[toString(source_sys)].3, 'none') AS verdict
FROM ({{risk_scored}})
WHERE ({org:String} = '' OR org_code = {org:String}) AND {{region_filter}} AND ({unproven:Bool} OR verdict = 'beats')
