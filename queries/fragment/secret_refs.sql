-- The secret subjects as work names them: kind/source_sys/number.
-- include: secret_subjects
SELECT groupArray(concat(kind, '/', source, '/', number)) FROM ({{secret_subjects}}) WHERE kind IN ('case', 'ticket')
