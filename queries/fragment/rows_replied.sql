-- Tickets replied in the period, see replies_first.
-- param: org String ? = organisation that replied; empty = all
-- include: org_filter, replies_first
SELECT * FROM ({{replies_first}}) WHERE {{org_filter}}
