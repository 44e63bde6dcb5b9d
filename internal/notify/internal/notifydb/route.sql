-- name: Routes :many
SELECT * FROM delivery_route;

-- name: SaveRoute :exec
INSERT INTO delivery_route (kind, sealed, updated_at) VALUES (@kind, @sealed, @updated_at)
ON CONFLICT (kind) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at;

-- name: ForgetRoute :execrows
DELETE FROM delivery_route WHERE kind = @kind;

-- name: NoteWay :exec
-- Notes how a way out fares. Nothing is written while nothing changes, but that
-- somebody has looked, at most once in ten seconds.
INSERT INTO delivery_state AS d (kind, up, node, error, error_at, changed_at, seen_at)
VALUES (@kind, @up, @node, @error, CASE WHEN @up THEN NULL ELSE @now::timestamptz END, @now, @now)
ON CONFLICT (kind) DO UPDATE SET
    up = excluded.up, node = excluded.node, seen_at = excluded.seen_at,
    error = CASE WHEN excluded.up THEN d.error ELSE excluded.error END,
    error_at = CASE WHEN excluded.up THEN d.error_at ELSE excluded.error_at END,
    changed_at = CASE WHEN d.up = excluded.up THEN d.changed_at ELSE excluded.changed_at END
WHERE d.up <> excluded.up OR d.node <> excluded.node OR d.error <> excluded.error AND NOT excluded.up
   OR d.seen_at < excluded.seen_at - interval '10 seconds';

-- name: ForgetWay :exec
DELETE FROM delivery_state WHERE kind = @kind;

-- name: Ways :many
SELECT * FROM delivery_state;
