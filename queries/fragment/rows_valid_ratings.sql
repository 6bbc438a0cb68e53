-- Ratings that count in satisfaction (domain guide 4): no defaults, excluded,
-- follow-up or late ones.
-- include: ratings_as_of
SELECT *, true AS in_numerator, true AS in_denominator, rated_at AS bucket_at FROM ({{ratings_as_of}}) WHERE status = 'valid'
