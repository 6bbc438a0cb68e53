-- The organisations that went into the one that is asked for, for a WITH RECURSIVE clause
-- behind gone (old, successor): who has no successor is not among them. No chain is longer than eight.
-- param: org String ? = organisation that is asked for; empty = all
went AS
(
    SELECT old, 1 AS step FROM gone WHERE successor = {org:String}
    UNION ALL
    SELECT gone.old, went.step + 1 FROM gone INNER JOIN went ON gone.successor = went.old WHERE went.step < 8
)
