-- name: Routes :many
SELECT * FROM delivery_route;

-- name: SaveRoute :exec
INSERT INTO delivery_route (kind, sealed, updated_at) VALUES (@kind, @sealed, @updated_at)
ON CONFLICT (kind) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at;
