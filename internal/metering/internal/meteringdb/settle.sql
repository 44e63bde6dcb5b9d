-- BatchSums is what closed batches contain.
-- name: BatchSums :many
SELECT u.company_id, u.batch_id::uuid AS batch_id, phase, item, period, currency, seller_id, wholesale_seller_id,
    date_bin('15 minutes', at, '2000-01-01 00:00Z')::timestamptz AS bucket, unit_price, coalesce(wholesale_unit_price, 0)::bigint AS wholesale_unit_price,
    count(*) AS events, sum(quantity)::bigint AS quantity, sum(amount)::bigint AS amount, sum(bonus)::bigint AS bonus,
    coalesce(sum(wholesale_amount), 0)::bigint AS wholesale_amount
FROM (SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@batch_ids::uuid[]) AS batch_id) AS b
JOIN usage u ON u.company_id = b.company_id AND u.batch_id = b.batch_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
ORDER BY 1, 2, 4, 3, 5, 9;

-- AddRollups adds to rollups in the order of their key.
-- name: AddRollups :exec
INSERT INTO usage_rollup (company_id, grain, bucket, item, seller_id, reseller_id, currency, quantity, amount, wholesale_amount)
SELECT x.company_id, x.grain, x.bucket, x.item, x.seller_id, nullif(x.reseller_id, 0), x.currency, x.quantity, x.amount, x.wholesale_amount
FROM (
    SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@grains::smallint[]) AS grain, unnest(@buckets::timestamptz[]) AS bucket, unnest(@items::text[]) AS item,
        unnest(@seller_ids::bigint[]) AS seller_id, unnest(@reseller_ids::bigint[]) AS reseller_id, unnest(@currencies::text[]) AS currency,
        unnest(@quantities::bigint[]) AS quantity, unnest(@amounts::bigint[]) AS amount, unnest(@wholesale_amounts::bigint[]) AS wholesale_amount
) AS x
ORDER BY x.company_id, x.grain, x.bucket, x.item, x.seller_id, x.currency
ON CONFLICT (company_id, grain, bucket, item, seller_id, currency) DO UPDATE SET
    quantity = usage_rollup.quantity + excluded.quantity,
    amount = usage_rollup.amount + excluded.amount,
    wholesale_amount = usage_rollup.wholesale_amount + excluded.wholesale_amount;
