-- name: Publish :exec
INSERT INTO published_prices (company_id, list_id) VALUES (@company_id, @list_id)
ON CONFLICT (company_id) DO UPDATE SET list_id = excluded.list_id;

-- name: Unpublish :execrows
DELETE FROM published_prices WHERE company_id = @company_id AND list_id = @list_id;

-- name: PublishedList :one
SELECT list_id FROM published_prices WHERE company_id = @company_id;

-- name: PublishedPrices :many
-- What the published list says at an instant, by item: the lowest price and
-- whether there are others.
SELECT l.currency, i.item, min(i.unit_price)::bigint AS unit_price, (min(i.unit_price) < max(i.unit_price))::boolean AS lowest
FROM published_prices p
JOIN price_list l ON l.company_id = p.company_id AND l.id = p.list_id
CROSS JOIN LATERAL (SELECT v.id FROM price_version v
    WHERE v.company_id = l.company_id AND v.list_id = l.id AND v.valid_from <= @now AND (v.valid_until IS NULL OR v.valid_until > @now)
    ORDER BY v.valid_from DESC, v.number DESC LIMIT 1) v
JOIN price_item i ON i.company_id = l.company_id AND i.version_id = v.id
WHERE p.company_id = @company_id
GROUP BY l.currency, i.item;
