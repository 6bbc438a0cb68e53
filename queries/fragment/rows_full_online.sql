-- Cases behind C08: finished in the period; the numerator those applied for
-- online, without a visit, and delivered online or by post. How a case was
-- delivered is in its last fact of delivery.
-- include: rows_finished
SELECT
    * REPLACE (
        is_online AND visits = 0 AND isNotNull(delivered_at)
            AND delivery_method IN ('post', 'electronic', 'online', 'web', 'app', 'mini_program') AS in_numerator)
FROM ({{rows_finished}})
