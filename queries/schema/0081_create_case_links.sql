-- Which cases are, or once were, sub-cases of which: a way from a parent to its
-- sub-cases that does not look at all cases. What a link says is checked in cases.
CREATE TABLE IF NOT EXISTS case_links
(
    source_sys LowCardinality(String),
    parent_case_no String,
    case_no String
)
ENGINE = ReplacingMergeTree
ORDER BY (source_sys, parent_case_no, case_no)
