-- name: InsertGateway :exec
INSERT INTO gateway (company_id, id, channel, name, sealed, address, sender, speed, created_at)
VALUES (@company_id, @id, @channel, @name, @sealed, @address, @sender, @speed, @created_at);

-- ChangeGateway leaves the way as it is when no new one is given.
-- name: ChangeGateway :execrows
UPDATE gateway SET
    name = @name, sender = @sender, speed = @speed, state = @state,
    sealed = coalesce(sqlc.narg(sealed), sealed), address = coalesce(sqlc.narg(address), address), version = version + 1
WHERE company_id = @company_id AND id = @id;

-- name: LockGateway :one
SELECT channel, version FROM gateway WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: Gateways :many
SELECT id, channel, name, address, sender, speed, state, up, error, error_at, seen_at, version, created_at
FROM gateway
WHERE company_id = @company_id
ORDER BY channel, id;

-- AllGateways are those that nodes work with.
-- name: AllGateways :many
-- any company: nodes keep every connection to a network.
SELECT company_id, id, channel, sealed, sender, speed, version
FROM gateway
WHERE state = 'active'
ORDER BY company_id, id;

-- ListRoutes are the lines of a gateway's owner.
-- name: ListRoutes :many
SELECT channel, country, network, gateway_id
FROM gateway_route
WHERE company_id = @company_id
ORDER BY channel, country, network;

-- name: PutRoute :exec
INSERT INTO gateway_route (company_id, channel, country, network, gateway_id)
VALUES (@company_id, @channel, @country, @network, @gateway_id)
ON CONFLICT (company_id, channel, country, network) DO UPDATE SET gateway_id = excluded.gateway_id;

-- name: DeleteRoute :execrows
DELETE FROM gateway_route
WHERE company_id = @company_id AND channel = @channel AND country = @country AND network = @network;

-- name: AllRoutes :many
-- any company: nodes remember the lines of all owners.
SELECT r.company_id, r.channel, r.country, r.network, r.gateway_id, g.sender
FROM gateway_route r
JOIN gateway g ON g.company_id = r.company_id AND g.id = r.gateway_id
WHERE g.state = 'active';

-- name: NoteHealth :exec
UPDATE gateway SET up = @up, seen_at = @seen_at,
    error = CASE WHEN @error::text = '' THEN error ELSE @error END,
    error_at = CASE WHEN @error::text = '' THEN error_at ELSE @seen_at END
WHERE company_id = @company_id AND id = @id;
