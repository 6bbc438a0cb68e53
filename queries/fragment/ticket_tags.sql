-- What is said about conduct in a ticket, for a WITH clause over its facts.
-- tags_of(p): the tags of a payload
-- verified_index(tag): first fact that verifies the tag: verified true, and the fact
-- names the tag or names none while the tag was named at or before it; 0 = none
-- said_last(key, i): last value of a text key up to the fact i
p -> JSONExtract(p, 'tags', 'Array(String)') AS tags_of,
tag -> arrayFirstIndex((p, j) -> JSONExtractBool(p, 'verified') AND (has(tags_of(p), tag) OR (empty(tags_of(p)) AND arrayExists(q -> has(tags_of(q), tag), arraySlice(f_payload, 1, j)))), f_payload, arrayEnumerate(f_payload)) AS verified_index,
(key, i) -> arrayLast(v -> v != '', arrayConcat([''], arrayMap(p -> JSONExtractString(p, key), arraySlice(f_payload, 1, i)))) AS said_last
