-- name: Insert :exec
INSERT INTO connection (company_id, id, channel, name, allowed_sites, created_at)
VALUES (@company_id, @id, @channel, @name, @allowed_sites, @created_at);

-- name: InsertKey :exec
INSERT INTO web_key (public_key, company_id, connection_id)
VALUES (@public_key, @company_id, @connection_id);

-- name: ByKey :one
-- any company: a visitor brings nothing but the key.
SELECT c.company_id, c.id, c.channel, c.name, c.state, c.allowed_sites, k.public_key, c.created_at
FROM web_key k
JOIN connection c ON c.company_id = k.company_id AND c.id = k.connection_id
WHERE k.public_key = @public_key;

-- name: ByIDs :many
SELECT c.company_id, c.id, c.channel, c.name, c.state, c.allowed_sites, k.public_key, c.created_at
FROM connection c
JOIN web_key k ON k.company_id = c.company_id AND k.connection_id = c.id
WHERE c.company_id = @company_id AND c.id = ANY(@ids::uuid[])
ORDER BY c.id;

-- name: SetSites :execrows
UPDATE connection SET allowed_sites = @allowed_sites
WHERE company_id = @company_id AND id = @id;

-- name: SetState :execrows
UPDATE connection SET state = @state
WHERE company_id = @company_id AND id = @id;

-- name: SetName :execrows
UPDATE connection SET name = @name
WHERE company_id = @company_id AND id = @id;
