-- Ask notes that something is asked to be sent for each subject and returns
-- when it was asked for within the span, this time last. The rows stay locked
-- until the transaction ends; whoever is refused rolls back.
-- name: Ask :many
INSERT INTO sending AS s (subject, asked_at, forget_at)
SELECT a.subject, ARRAY [@now::timestamptz], @forget_at::timestamptz
FROM (SELECT unnest(@subjects::text[])::text AS subject) a
ORDER BY a.subject -- the same order everywhere, so that requests wait and never deadlock
ON CONFLICT (subject) DO UPDATE SET
    asked_at = ARRAY (SELECT e.t FROM (SELECT unnest(s.asked_at) AS t) e WHERE e.t > @since::timestamptz) || @now::timestamptz,
    forget_at = greatest(s.forget_at, @forget_at)
RETURNING subject, asked_at;

-- name: InsertConfirmation :exec
INSERT INTO confirmation (id, purpose, phone, email, user_id, language, ip, code_hash, created_at, expires_at)
VALUES (@id, @purpose, @phone, @email, @user_id, @language, @ip, @code_hash, @created_at, @expires_at);

-- name: ConfirmationByID :one
SELECT * FROM confirmation WHERE id = @id AND purpose = @purpose;

-- name: LockConfirmation :one
SELECT * FROM confirmation WHERE id = @id AND purpose = @purpose FOR UPDATE;

-- name: SaveConfirmation :exec
UPDATE confirmation
SET email = @email, code_hash = @code_hash, tries = @tries, confirmed_at = @confirmed_at, used_at = @used_at, used_for = @used_for
WHERE id = @id;

-- name: InsertLink :exec
INSERT INTO link (token_hash, purpose, user_id, email, created_at, expires_at)
VALUES (@token_hash, @purpose, @user_id, @email, @created_at, @expires_at);

-- name: LinkByToken :one
SELECT * FROM link WHERE token_hash = @token_hash AND purpose = @purpose;

-- name: LockLink :one
SELECT * FROM link WHERE token_hash = @token_hash AND purpose = @purpose FOR UPDATE;

-- name: UseLink :exec
UPDATE link SET used_at = @used_at::timestamptz WHERE token_hash = @token_hash;

-- name: DeleteOpenLinks :exec
DELETE FROM link WHERE user_id = @user_id::bigint AND purpose = @purpose AND used_at IS NULL;

-- name: DeleteOldProofs :execrows
WITH codes AS (DELETE FROM confirmation WHERE created_at <= @before::timestamptz RETURNING id),
    links AS (DELETE FROM link WHERE expires_at <= @before RETURNING token_hash),
    invited AS (DELETE FROM invitation WHERE expires_at <= @before RETURNING email), -- any company: what is old goes
    asked AS (DELETE FROM sending WHERE forget_at <= @now::timestamptz RETURNING subject)
SELECT 1 FROM codes UNION ALL SELECT 1 FROM links UNION ALL SELECT 1 FROM invited UNION ALL SELECT 1 FROM asked;
