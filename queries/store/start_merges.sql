-- purpose: Merge parts again, as there is room.
-- grain: no row
SYSTEM START MERGES
