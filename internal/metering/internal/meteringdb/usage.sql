-- name: InsertUsage :exec
INSERT INTO usage (company_id, reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus,
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id)
VALUES (@company_id, @reference, @item, @phase, @at, @period, @quantity, @currency, @seller_id, @price_version, @unit_price, @amount, @bonus,
    @stripe, @wholesale_seller_id, @wholesale_version, @wholesale_unit_price, @wholesale_amount, @batch_id);

-- InsertChunk stores captured usage of one company that was charged together.
-- rate is the place of a row's price among the few that the chunk has.
-- name: InsertChunk :exec
INSERT INTO usage (company_id, reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus,
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id)
SELECT @company_id, x.reference, (@items::text[])[x.rate], 'captured', x.at, @period, (@quantities::bigint[])[x.rate], @currency,
    sqlc.narg(seller_id), nullif((@price_versions::uuid[])[x.rate], '00000000-0000-0000-0000-000000000000'),
    (@unit_prices::bigint[])[x.rate], (@amounts::bigint[])[x.rate], x.bonus, @stripe,
    sqlc.narg(wholesale_seller_id), nullif((@wholesale_versions::uuid[])[x.rate], '00000000-0000-0000-0000-000000000000'),
    CASE WHEN sqlc.narg(wholesale_seller_id)::bigint IS NOT NULL THEN (@wholesale_unit_prices::bigint[])[x.rate] END,
    CASE WHEN sqlc.narg(wholesale_seller_id)::bigint IS NOT NULL THEN (@wholesale_amounts::bigint[])[x.rate] END,
    @batch_id::uuid
FROM (
    SELECT unnest(@refs::uuid[]) AS reference, unnest(@ats::timestamptz[]) AS at,
        unnest(@rates::int[]) AS rate, unnest(@bonuses::bigint[]) AS bonus
) AS x;

-- OpenHold finds what is held and neither captured nor released.
-- name: OpenHold :one
SELECT u.stripe, u.amount, u.bonus FROM usage u
WHERE u.company_id = @company_id AND u.reference = @reference AND u.item = @item AND u.phase = 'held'
  AND NOT EXISTS (
    SELECT FROM usage e
    WHERE e.company_id = @company_id AND e.reference = @reference AND e.item = @item AND e.phase IN ('captured', 'released'));

-- EndHold writes how a hold ended. It looks again whether it is open, because
-- somebody else may have ended it before the wallet's lock was had.
-- name: EndHold :execrows
INSERT INTO usage (company_id, reference, item, phase, at, period, quantity, currency, seller_id, price_version, unit_price, amount, bonus,
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id)
SELECT u.company_id, u.reference, u.item, @phase, u.at, @period, u.quantity, u.currency, u.seller_id, u.price_version, u.unit_price, u.amount, u.bonus,
    u.stripe, u.wholesale_seller_id, u.wholesale_version, u.wholesale_unit_price, u.wholesale_amount, sqlc.narg(batch_id)::uuid
FROM usage u
WHERE u.company_id = @company_id AND u.reference = @reference AND u.item = @item AND u.phase = 'held'
  AND NOT EXISTS (
    SELECT FROM usage e
    WHERE e.company_id = @company_id AND e.reference = @reference AND e.item = @item AND e.phase IN ('captured', 'released'));

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
    stripe, wholesale_seller_id, wholesale_version, wholesale_unit_price, wholesale_amount, batch_id)
SELECT u.company_id, u.reference, u.item, 'refunded', u.at, @period, u.quantity, u.currency, u.seller_id, u.price_version, u.unit_price, u.amount, u.bonus,
    u.stripe, u.wholesale_seller_id, u.wholesale_version, u.wholesale_unit_price, u.wholesale_amount, @batch_id::uuid
FROM (SELECT unnest(@refs::uuid[]) AS reference, unnest(@items::text[]) AS item) AS x
JOIN usage u ON u.company_id = @company_id AND u.reference = x.reference AND u.item = x.item AND u.phase = 'captured'
WHERE NOT EXISTS (
    SELECT FROM usage e
    WHERE e.company_id = @company_id AND e.reference = u.reference AND e.item = u.item AND e.phase = 'refunded');
