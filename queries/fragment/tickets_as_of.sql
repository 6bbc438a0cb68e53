-- One row per ticket that counts and had a fact by as_of: its state then.
-- param: as_of DateTime64(3,'UTC') = the instant the figure is asked for; facts that occurred later do not exist yet
-- param: org String ? = organisation that holds the ticket, once its clock stopped the one that held it then (C8); empty = all
-- include: org_filter, tickets_known
SELECT *
FROM ({{tickets_known}})
WHERE {{org_filter}}
