-- purpose: The cases and tickets whose numbers only those are told who watch over organisations.
-- grain: one row per subject
-- include: secret_subjects
-- column: kind String = case or ticket
-- column: source String = source system
-- column: number String = number in that system
-- source: domain guide 8.3
SELECT DISTINCT kind, source, number
FROM ({{secret_subjects}})
WHERE kind IN ('case', 'ticket')
