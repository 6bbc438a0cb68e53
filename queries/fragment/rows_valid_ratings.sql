-- Ratings that count in satisfaction (domain guide 4): no defaults, follow-up or
-- late ones. Excluded ones stay listed and count nowhere.
-- include: ratings_as_of
SELECT *, status = 'valid' AS in_numerator, status = 'valid' AS in_denominator, rated_at AS bucket_at FROM ({{ratings_as_of}}) WHERE status IN ('valid', 'excluded')
