-- What a payload says of a key, to be put into a WITH clause. A key that is null, or
-- of a type that answers no question, says nothing: silence is no answer.
-- says(p, k): the key is there and not null
-- says_no(p, k): it is there and is false, or 0
(p, k) -> JSONType(p, k) != 'Null' AS says,
(p, k) -> JSONType(p, k) IN ('Bool', 'Int64', 'UInt64') AND NOT JSONExtractBool(p, k) AS says_no
