-- purpose: Stop merging parts, as there is no room for what a merge writes; those under way are given up.
-- grain: no row
-- source: a full disk can leave a merged part with empty files
SYSTEM STOP MERGES
