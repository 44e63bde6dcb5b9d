-- name: InsertList :exec
INSERT INTO price_list (company_id, id, name, currency, created_at)
VALUES (@company_id, @id, @name, @currency, @created_at);

-- name: Lists :many
SELECT l.id, l.name, l.currency, l.created_at,
    (SELECT count(*) FROM price_version v WHERE v.company_id = l.company_id AND v.list_id = l.id) AS versions,
    (SELECT count(DISTINCT a.buyer_id) FROM price_assignment a WHERE a.company_id = l.company_id AND a.list_id = l.id) AS buyers
FROM price_list l
WHERE l.company_id = @company_id AND l.buyer_id IS NULL
ORDER BY l.name, l.id;

-- name: ListByID :one
SELECT id, name, currency, created_at, buyer_id FROM price_list WHERE company_id = @company_id AND id = @id;

-- LockList puts new versions of a list in a row.
-- name: LockList :one
SELECT id, name, currency, buyer_id FROM price_list WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: Versions :many
SELECT v.id, v.number, v.valid_from, v.valid_until, v.created_by, v.created_at,
    (SELECT count(*) FROM price_item i WHERE i.company_id = v.company_id AND i.version_id = v.id) AS items
FROM price_version v
WHERE v.company_id = @company_id AND v.list_id = @list_id
ORDER BY v.number DESC;

-- name: VersionByNumber :one
SELECT id, number, valid_from, valid_until, created_by, created_at
FROM price_version
WHERE company_id = @company_id AND list_id = @list_id AND number = @number;

-- name: ItemsOfVersion :many
SELECT item, country, network, category, from_quantity, free_quantity, unit_price, minimum_seconds, free_seconds
FROM price_item
WHERE company_id = @company_id AND version_id = @version_id
ORDER BY item, country, network, category, from_quantity;

-- name: LastNumber :one
SELECT coalesce(max(number), 0)::int FROM price_version WHERE company_id = @company_id AND list_id = @list_id;

-- name: HasPricesAt :one
SELECT EXISTS (
    SELECT FROM price_version
    WHERE company_id = @company_id AND list_id = @list_id AND valid_from <= @at AND (valid_until IS NULL OR valid_until > @at)
);

-- name: InsertVersion :exec
INSERT INTO price_version (company_id, id, list_id, number, valid_from, valid_until, created_by, created_at)
VALUES (@company_id, @id, @list_id, @number, @valid_from, @valid_until, @created_by, @created_at);

-- name: InsertItems :exec
INSERT INTO price_item (company_id, version_id, item, country, network, category, from_quantity, free_quantity, unit_price,
    minimum_seconds, free_seconds)
SELECT @company_id, @version_id, unnest(@items::text[]), unnest(@countries::text[]), unnest(@networks::text[]), unnest(@categories::text[]),
    unnest(@from_quantities::bigint[]), unnest(@free_quantities::bigint[]), unnest(@unit_prices::bigint[]),
    unnest(@minimum_seconds::int[]), unnest(@free_seconds::int[]);

-- LockBuyer puts assignments to one buyer in a row; the number only has to be
-- the same for the same pair.
-- name: LockBuyer :exec
SELECT pg_advisory_xact_lock(hashtextextended('price_assignment ' || @company_id::bigint || ' ' || @buyer_id::bigint, 0));

-- name: Assignments :many
SELECT a.buyer_id, a.valid_from, a.list_id, l.name, a.created_by
FROM price_assignment a
JOIN price_list l ON l.company_id = a.company_id AND l.id = a.list_id
WHERE a.company_id = @company_id AND a.buyer_id = @buyer_id
ORDER BY a.valid_from DESC;

-- name: InsertAssignment :exec
INSERT INTO price_assignment (company_id, buyer_id, valid_from, list_id, created_by)
VALUES (@company_id, @buyer_id, @valid_from, @list_id, @created_by);

-- Prices are all that a buyer's items cost from an instant on: for each stretch
-- of time in which one version of one list holds, its items. company_id is the
-- seller, whose lists its buyers may not read themselves. Postgres's infinity
-- has no counterpart in Go.
-- name: Prices :many
WITH assigned AS (
    SELECT a.list_id, a.valid_from,
        coalesce(lead(a.valid_from) OVER (ORDER BY a.valid_from), timestamptz '9999-01-01 00:00Z') AS until
    FROM price_assignment a
    WHERE a.company_id = @company_id AND a.buyer_id = @buyer_id
), version AS (
    SELECT v.id, v.list_id, v.number, v.valid_from,
        least(v.valid_until, lead(v.valid_from) OVER (PARTITION BY v.list_id ORDER BY v.valid_from, v.number), timestamptz '9999-01-01 00:00Z') AS until
    FROM price_version v
    WHERE v.company_id = @company_id AND v.list_id IN (SELECT list_id FROM assigned)
)
SELECT version.id AS version_id, version.number, version.valid_from,
    greatest(assigned.valid_from, version.valid_from)::timestamptz AS holds_from,
    least(assigned.until, version.until)::timestamptz AS holds_until,
    l.currency, i.item, i.country, i.network, i.category, i.from_quantity, i.free_quantity, i.unit_price, i.minimum_seconds, i.free_seconds
FROM assigned
JOIN version ON version.list_id = assigned.list_id
JOIN price_list l ON l.company_id = @company_id AND l.id = assigned.list_id
JOIN price_item i ON i.company_id = @company_id AND i.version_id = version.id
WHERE least(assigned.until, version.until) > greatest(assigned.valid_from, version.valid_from, @since::timestamptz)
ORDER BY holds_from, version.number, i.item, i.country, i.network, i.category, i.from_quantity;

-- Exceptions are a buyer's own prices from an instant on, stretch by stretch.
-- A version without prices leaves a gap, in which the list alone counts.
-- name: Exceptions :many
WITH version AS (
    SELECT v.company_id, v.id, v.valid_from,
        least(v.valid_until, lead(v.valid_from) OVER (ORDER BY v.valid_from, v.number), timestamptz '9999-01-01 00:00Z') AS until
    FROM price_list l
    JOIN price_version v ON v.company_id = l.company_id AND v.list_id = l.id
    WHERE l.company_id = @company_id AND l.buyer_id = @buyer_id::bigint
)
SELECT version.id AS version_id, version.valid_from, version.until::timestamptz AS until,
    i.item, i.country, i.network, i.category, i.from_quantity, i.free_quantity, i.unit_price, i.minimum_seconds, i.free_seconds
FROM version
JOIN price_item i ON i.company_id = version.company_id AND i.version_id = version.id
WHERE version.until > greatest(version.valid_from, @since::timestamptz)
ORDER BY version.valid_from, version.id, i.item, i.country, i.network, i.category, i.from_quantity;

-- name: InsertExceptions :exec
INSERT INTO price_list (company_id, id, name, currency, created_at, buyer_id)
VALUES (@company_id, @id, @name, @currency, @created_at, @buyer_id)
ON CONFLICT (company_id, buyer_id) WHERE buyer_id IS NOT NULL DO NOTHING;

-- name: ExceptionsOf :one
SELECT id FROM price_list WHERE company_id = @company_id AND buyer_id = @buyer_id::bigint;

-- name: LastChange :one
SELECT number, plans FROM price_change;

-- NoteChange comes last, because changes wait for each other from here on.
-- name: NoteChange :exec
UPDATE price_change SET number = number + 1;

-- NotePlans comes last, as NoteChange does.
-- name: NotePlans :exec
UPDATE price_change SET plans = plans + 1;

-- name: VersionByID :one
SELECT v.id, v.number, v.valid_from, l.id AS list_id, l.name, l.buyer_id
FROM price_version v
JOIN price_list l ON l.company_id = v.company_id AND l.id = v.list_id
WHERE v.company_id = @company_id AND v.id = @id;

-- PricesOfItem are the prices of a version that a thing may have.
-- name: PricesOfItem :many
SELECT country, network, category, from_quantity, free_quantity, unit_price
FROM price_item
WHERE company_id = @company_id AND version_id = @version_id AND item = @item
  AND country IN ('', @country::text) AND network IN ('', @network::text) AND category IN ('', @category::text)
ORDER BY country, network, category, from_quantity;

-- Buyers are who pays by a list at an instant, or will.
-- name: Buyers :many
SELECT a.buyer_id, min(a.valid_from)::timestamptz AS valid_from
FROM price_assignment a
WHERE a.company_id = @company_id AND a.list_id = @list_id AND a.buyer_id > @after_id
  AND NOT EXISTS (
    SELECT FROM price_assignment later
    WHERE later.company_id = a.company_id AND later.buyer_id = a.buyer_id AND later.valid_from > a.valid_from AND later.valid_from <= @at)
GROUP BY a.buyer_id
ORDER BY a.buyer_id
LIMIT @max_rows;
