-- name: Excluded :many
-- The weightiest reason of each address.
SELECT DISTINCT ON (address) address, reason
FROM exclusion
WHERE company_id = @company_id AND channel = @channel AND address = ANY (@addresses::text[])
ORDER BY address, array_position(ARRAY['unsubscribed', 'blacklisted', 'no_such_number', 'hard_bounce'], reason);

-- name: Exclude :many
-- Gives the addresses that were not excluded for this reason before.
INSERT INTO exclusion (company_id, channel, address, reason, id, created_by, created_at)
SELECT @company_id::bigint, @channel::text, address, @reason::text, id, sqlc.narg(created_by)::bigint, @created_at::timestamptz
FROM (SELECT unnest(@addresses::text[]) AS address, unnest(@ids::uuid[]) AS id) AS given
ON CONFLICT (company_id, channel, address, reason) DO NOTHING
RETURNING address;

-- name: Exclusions :many
SELECT * FROM exclusion
WHERE company_id = @company_id
    AND (@channel::text = '' OR channel = @channel)
    AND (@reason::text = '' OR reason = @reason)
    AND (@typed::text = '' OR strpos(address, @typed) > 0)
    AND (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before))
ORDER BY id DESC
LIMIT @most;

-- name: RemoveExclusions :many
DELETE FROM exclusion WHERE company_id = @company_id AND id = ANY (@ids::uuid[])
RETURNING *;
