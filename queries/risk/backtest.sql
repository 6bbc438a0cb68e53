-- purpose: How well early warning told late subjects from others after an instant, having learned what was known by then, beside the naive baseline "share of time used".
-- grain: one row per strength and landmark age, and one per strength for all ages (landmark null)
-- include: risk_predictions
-- column: strength Float64 = prior strength
-- column: landmark Nullable(Float64) = age in hours since the start of the clock; null = all
-- column: n UInt64 = predictions
-- column: subjects UInt64 = subjects they are about
-- column: late UInt64 = predictions about subjects that missed their due
-- column: auc_model Nullable(Float64) = area under the ROC curve by the rank formula, ties at half; null when all ended alike
-- column: auc_baseline Nullable(Float64) = the same of the share of time used
-- column: brier_model Nullable(Float64) = mean squared difference of probability and outcome
-- column: brier_baseline Nullable(Float64) = the same of the share of time used, calibrated by ten monotone bins learned before train_until
-- column: brier_constant Nullable(Float64) = the same of the late share of the bins' training rows, said of everybody
-- column: brier_gain Nullable(Float64) = brier_baseline - brier_model
-- column: brier_gain_error Nullable(Float64) = standard error of the gain, predictions about one subject taken together
-- source: docs/early-warning.md
WITH
    -- pool adjacent violators as max-min: the largest over beginnings a of the
    -- smallest over ends b of the share in bins a…b
    (ks, ns, i) -> arrayMax(a -> arrayMin(b -> (arraySum(arraySlice(ks, a, b - a + 1)) + 0.5) / (arraySum(arraySlice(ns, a, b - a + 1)) + 1), range(i, length(ks) + 1)), range(1, i + 1)) AS monotone
SELECT
    strength,
    if(age < 0, NULL, age) AS landmark,
    sum(n_) AS n,
    count() AS subjects,
    sum(late_) AS late,
    if(late = 0 OR late = n, NULL, (sum(model_ranks) - late * (late + 1) / 2) / (late * (n - late))) AS auc_model,
    if(late = 0 OR late = n, NULL, (sum(baseline_ranks) - late * (late + 1) / 2) / (late * (n - late))) AS auc_baseline,
    sum(model_) / n AS brier_model,
    sum(baseline_) / n AS brier_baseline,
    sum(constant_) / n AS brier_constant,
    brier_baseline - brier_model AS brier_gain,
    sqrt(sum(gain_ * gain_) - 2 * brier_gain * sum(gain_ * n_) + brier_gain * brier_gain * sum(n_ * n_)) / n AS brier_gain_error
FROM
(
    SELECT
        strength, age, subject_no,
        count() AS n_,
        sum(r.late) AS late_,
        sum(r.late * model_rank) AS model_ranks,
        sum(r.late * baseline_rank) AS baseline_ranks,
        sum((probability - r.late) * (probability - r.late)) AS model_,
        sum((calibrated - r.late) * (calibrated - r.late)) AS baseline_,
        sum((share - r.late) * (share - r.late)) AS constant_,
        baseline_ - model_ AS gain_
    FROM
    (
        SELECT
            strength, age, subject_no, late, probability, calibrated, share,
            rank() OVER (PARTITION BY strength, age ORDER BY probability) + (count() OVER (PARTITION BY strength, age, probability) - 1) / 2 AS model_rank,
            rank() OVER (PARTITION BY strength, age ORDER BY used) + (count() OVER (PARTITION BY strength, age, used) - 1) / 2 AS baseline_rank
        FROM
        (
            SELECT
                strength, subject_no, landmark, used, probability, is_test, late, bin,
                sumMapIf([bin], [toUInt64(late)], is_base) OVER s AS lates,
                sumMapIf([bin], [toUInt64(1)], is_base) OVER s AS totals,
                if(empty(totals.1), NULL, monotone(lates.2, totals.2, greatest(1, arrayCount(b -> b <= bin, totals.1)))) AS calibrated,
                if(empty(totals.1), NULL, (arraySum(lates.2) + 0.5) / (arraySum(totals.2) + 1)) AS share
            FROM
            (
                SELECT *, toUInt32(1 + arrayCount(c -> used > c, quantilesExactIf(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)(used, is_base) OVER (PARTITION BY strength))) AS bin
                FROM ({{risk_predictions}})
            )
            WINDOW s AS (PARTITION BY strength)
        )
        ARRAY JOIN [landmark, -1.] AS age
        WHERE is_test AND isNotNull(probability)
    ) AS r
    GROUP BY strength, age, subject_no
)
GROUP BY strength, age
ORDER BY strength, age < 0, age
