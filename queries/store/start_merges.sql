-- purpose: Merge parts again, as there is room.
SYSTEM START MERGES
