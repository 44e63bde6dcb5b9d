-- AddMonths adds to the sums of billing months in the order of their key.
-- name: AddMonths :exec
INSERT INTO usage_month (company_id, period, seller_id, item, unit_price, quantity, amount)
SELECT x.company_id, x.period, x.seller_id, x.item, x.unit_price, x.quantity, x.amount
FROM (
    SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@periods::date[]) AS period, unnest(@seller_ids::bigint[]) AS seller_id,
        unnest(@items::text[]) AS item, unnest(@unit_prices::bigint[]) AS unit_price,
        unnest(@quantities::bigint[]) AS quantity, unnest(@amounts::bigint[]) AS amount
) AS x
ORDER BY x.company_id, x.period, x.seller_id, x.item, x.unit_price
ON CONFLICT (company_id, period, seller_id, item, unit_price) DO UPDATE SET
    quantity = usage_month.quantity + excluded.quantity, amount = usage_month.amount + excluded.amount;

-- name: Months :many
SELECT company_id, seller_id, item, unit_price, quantity, amount
FROM usage_month
WHERE company_id = ANY (@company_ids::bigint[]) AND period = @period::date
ORDER BY company_id, seller_id, item, unit_price;

-- UsageOfBatches is what some batches have of an item, month and price, in the
-- order of the batches. A dependent's is seen by its reseller, at the price
-- between those two.
-- name: UsageOfBatches :many
SELECT x.n::int AS n, u.company_id, u.reference, u.phase, u.at, u.quantity,
    CASE WHEN u.company_id = @company_id THEN u.amount - u.bonus ELSE coalesce(u.wholesale_amount, 0) END::bigint AS amount
FROM (
    SELECT unnest(@batch_ids::uuid[]) AS batch_id, unnest(@phases::text[]) AS phase, unnest(@origin_ids::bigint[]) AS origin_id,
        generate_series(1, cardinality(@batch_ids::uuid[])) AS n
) AS x
JOIN usage u ON u.company_id = x.origin_id AND u.batch_id = x.batch_id AND u.phase = x.phase
WHERE u.item = @item AND u.period = @period::date
  AND (u.company_id = @company_id AND u.unit_price = @unit_price AND u.amount > u.bonus
    OR u.company_id <> @company_id AND u.seller_id = @company_id AND u.wholesale_unit_price = @unit_price)
  AND (x.n > 1 OR u.reference > @after::uuid)
ORDER BY x.n, u.reference
LIMIT @max_rows;
