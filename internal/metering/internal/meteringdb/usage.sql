-- name: InsertUsage :exec
INSERT INTO usage (company_id, reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus,
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id,
    country, network, category, position, counted_in)
VALUES (@company_id, @reference, @item, @phase, @at, @period, @quantity, @currency, @seller_id, @price_version, @unit_price, @amount, @bonus,
    @stripe, @wholesale_seller_id, @wholesale_version, @wholesale_unit_price, @wholesale_amount, @batch_id,
    @country, @network, @category, @position, @counted_in);

-- InsertChunk stores usage of one company that was charged together. A negative
-- position stands for none.
-- rate is the place of a row's price among the few that the chunk has.
-- name: InsertChunk :exec
INSERT INTO usage (company_id, reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus,
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id,
    country, network, category, position, counted_in)
SELECT @company_id, x.reference, (@items::text[])[x.rate], @phase, x.at, @period, (@quantities::bigint[])[x.rate], @currency,
    sqlc.narg(seller_id), nullif((@price_versions::uuid[])[x.rate], '00000000-0000-0000-0000-000000000000'),
    (@unit_prices::bigint[])[x.rate], (@amounts::bigint[])[x.rate], x.bonus, @stripe,
    sqlc.narg(wholesale_seller_id), nullif((@wholesale_versions::uuid[])[x.rate], '00000000-0000-0000-0000-000000000000'),
    CASE WHEN sqlc.narg(wholesale_seller_id)::bigint IS NOT NULL THEN (@wholesale_unit_prices::bigint[])[x.rate] END,
    CASE WHEN sqlc.narg(wholesale_seller_id)::bigint IS NOT NULL THEN (@wholesale_amounts::bigint[])[x.rate] END,
    sqlc.narg(batch_id)::uuid, (@countries::text[])[x.rate], (@networks::text[])[x.rate], (@categories::text[])[x.rate],
    CASE WHEN x.position >= 0 THEN x.position END, CASE WHEN x.position >= 0 THEN sqlc.narg(counted_in)::date END
FROM (
    SELECT unnest(@refs::uuid[]) AS reference, unnest(@ats::timestamptz[]) AS at,
        unnest(@rates::int[]) AS rate, unnest(@bonuses::bigint[]) AS bonus, unnest(@positions::bigint[]) AS position
) AS x;

-- OpenHolds finds what is held and neither captured nor released.
-- name: OpenHolds :many
SELECT u.reference, u.item, u.stripe, u.quantity, u.amount, u.bonus, u.counted_in
FROM (SELECT unnest(@refs::uuid[]) AS reference, unnest(@items::text[]) AS item) AS x
JOIN usage u ON u.company_id = @company_id AND u.reference = x.reference AND u.item = x.item AND u.phase = 'held'
WHERE NOT EXISTS (
    SELECT FROM usage e
    WHERE e.company_id = @company_id AND e.reference = u.reference AND e.item = u.item AND e.phase IN ('captured', 'released'));

-- EndHolds writes how holds ended. It looks again whether they are open, because
-- somebody else may have ended them before the wallet's lock was had.
-- name: EndHolds :execrows
INSERT INTO usage (company_id, reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus,
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id,
    country, network, category, position, counted_in)
SELECT u.company_id, u.reference, u.item, x.phase, u.at, @period, u.quantity, u.currency, u.seller_id, u.price_version, u.unit_price, u.amount, u.bonus,
    u.stripe, u.wholesale_seller_id, u.wholesale_version, u.wholesale_unit_price, u.wholesale_amount,
    CASE x.phase WHEN 'captured' THEN sqlc.narg(batch_id)::uuid END,
    u.country, u.network, u.category, u.position, u.counted_in
FROM (SELECT unnest(@refs::uuid[]) AS reference, unnest(@items::text[]) AS item, unnest(@phases::text[]) AS phase) AS x
JOIN usage u ON u.company_id = @company_id AND u.reference = x.reference AND u.item = x.item AND u.phase = 'held'
WHERE NOT EXISTS (
    SELECT FROM usage e
    WHERE e.company_id = @company_id AND e.reference = u.reference AND e.item = u.item AND e.phase IN ('captured', 'released'));

-- Count adds what is accepted to the month's counters and returns what they say
-- then. The wallet's lock keeps others out.
-- name: Count :many
INSERT INTO usage_counter AS c (company_id, item, period, quantity)
SELECT @company_id, x.item, @period, x.quantity
FROM (SELECT unnest(@items::text[]) AS item, unnest(@quantities::bigint[]) AS quantity) AS x
ON CONFLICT (company_id, item, period) DO UPDATE SET quantity = c.quantity + excluded.quantity
RETURNING c.item, c.quantity;

-- CountBack takes what was released from the counters of the months that
-- counted it.
-- name: CountBack :exec
UPDATE usage_counter AS c SET quantity = c.quantity - x.quantity
FROM (
    SELECT unnest(@items::text[]) AS item, unnest(@periods::date[]) AS period, unnest(@quantities::bigint[]) AS quantity
) AS x
WHERE c.company_id = @company_id AND c.item = x.item AND c.period = x.period;

-- name: Counters :many
SELECT item, quantity FROM usage_counter WHERE company_id = @company_id AND period = @period ORDER BY item;

-- Refundable finds what was captured and not refunded. An empty item stands
-- for all.
-- name: Refundable :many
SELECT u.reference, u.item, u.stripe, u.amount, u.bonus FROM usage u
WHERE u.company_id = @company_id AND u.reference = ANY (@refs::uuid[]) AND u.phase = 'captured'
  AND (@item::text = '' OR u.item = @item)
  AND NOT EXISTS (
    SELECT FROM usage e
    WHERE e.company_id = @company_id AND e.reference = u.reference AND e.item = u.item AND e.phase = 'refunded');

-- name: InsertRefunds :execrows
INSERT INTO usage (company_id, reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus,
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id,
    country, network, category, position, counted_in)
SELECT u.company_id, u.reference, u.item, 'refunded', u.at, @period, u.quantity, u.currency, u.seller_id, u.price_version, u.unit_price, u.amount, u.bonus,
    u.stripe, u.wholesale_seller_id, u.wholesale_version, u.wholesale_unit_price, u.wholesale_amount, @batch_id::uuid,
    u.country, u.network, u.category, u.position, u.counted_in
FROM (SELECT unnest(@refs::uuid[]) AS reference, unnest(@items::text[]) AS item) AS x
JOIN usage u ON u.company_id = @company_id AND u.reference = x.reference AND u.item = x.item AND u.phase = 'captured'
WHERE NOT EXISTS (
    SELECT FROM usage e
    WHERE e.company_id = @company_id AND e.reference = u.reference AND e.item = u.item AND e.phase = 'refunded');
