-- The ratings that stand excluded by a decision at as_of, by the id of their work
-- order (domain guide 4): who decided, when, and why. A decision that was taken
-- back by then does not stand.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
SELECT id, argMaxIf(toString(actor), seq, event = 'exclude') AS excluded_by, maxIf(effective_at, event = 'exclude') AS excluded_at,
    argMaxIf(JSONExtractString(payload, 'comment'), seq, event = 'exclude') AS excluded_why
FROM work_events FINAL
WHERE kind = 'rating' AND effective_at <= {as_of:DateTime64(3,'UTC')}
GROUP BY id
HAVING argMax(state, seq) = 'excluded'
