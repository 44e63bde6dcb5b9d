-- What a company reads of its own usage never names the wholesale columns.

-- name: UsageOf :many
SELECT reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus, batch_id,
    country, network, category, position
FROM usage
WHERE company_id = @company_id AND reference = ANY (@refs::uuid[])
ORDER BY reference, item, phase;

-- UsageOfBatch is the company's own view of what an entry consists of.
-- name: UsageOfBatch :many
SELECT reference, item, phase, at, quantity, amount, bonus
FROM usage
WHERE company_id = @company_id AND batch_id = @batch_id AND item = @item AND phase = @phase AND period = @period
  AND CASE WHEN @welcome::boolean THEN bonus > 0 ELSE amount > bonus END
  AND reference > @after
ORDER BY reference
LIMIT @max_rows;

-- DependentUsage is a reseller's view: it is a party to both levels.
-- name: DependentUsage :many
SELECT reference, item, phase, at, quantity, amount, wholesale_amount
FROM usage
WHERE company_id = @company_id AND seller_id = @reseller_id AND wholesale_seller_id IS NOT NULL
  AND batch_id = @batch_id AND item = @item AND phase = @phase AND period = @period
  AND reference > @after
ORDER BY reference
LIMIT @max_rows;

-- SoldUsage is for a seller on any level; the caller drops the level that the
-- seller is no party to.
-- name: SoldUsage :many
SELECT reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus, batch_id,
    wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, country, network, category, position
FROM usage
WHERE company_id = @company_id AND reference = @reference
  AND (seller_id = @seller_id::bigint OR wholesale_seller_id = @seller_id::bigint)
ORDER BY item, phase;

-- Burn is what companies spent since an instant, from whole days and the
-- quarters of an hour before the first of them; since and first_day in UTC.
-- name: Burn :many
SELECT company_id, sum(amount)::bigint AS amount, min(bucket)::timestamptz AS earliest
FROM usage_rollup
WHERE company_id = ANY (@company_ids::bigint[])
  AND ((grain = 1 AND bucket >= @first_day) OR (grain = 0 AND bucket >= @since AND bucket < @first_day))
GROUP BY company_id;

-- WholesaleBurn is what a reseller paid for its dependents.
-- name: WholesaleBurn :one
SELECT coalesce(sum(wholesale_amount), 0)::bigint AS amount, coalesce(min(bucket), 'epoch')::timestamptz AS earliest
FROM usage_rollup
WHERE reseller_id = @company_id
  AND ((grain = 1 AND bucket >= @first_day) OR (grain = 0 AND bucket >= @since AND bucket < @first_day));

-- SoldSince is what the platform earned by companies: their own price where it
-- sells to them, the wholesale price where a reseller does.
-- name: SoldSince :many
SELECT company_id, sum(CASE WHEN reseller_id IS NULL THEN amount ELSE wholesale_amount END)::bigint AS amount
FROM usage_rollup
WHERE company_id = ANY (@company_ids::bigint[])
  AND ((grain = 1 AND bucket >= @first_day) OR (grain = 0 AND bucket >= @since AND bucket < @first_day))
GROUP BY company_id;
