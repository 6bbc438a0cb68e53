-- Every state of a sub-case that is written leaves its link.
CREATE MATERIALIZED VIEW IF NOT EXISTS case_links_feed TO case_links AS
SELECT source_sys, parent_case_no, case_no
FROM cases
WHERE parent_case_no != '' AND parent_case_no != case_no
