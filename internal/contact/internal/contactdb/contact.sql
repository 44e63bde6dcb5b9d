-- name: ByAddress :one
SELECT sqlc.embed(c), a.id AS address_id
FROM contact_address a
JOIN contact c ON c.company_id = a.company_id AND c.id = a.contact_id
WHERE a.company_id = @company_id AND a.channel = @channel AND a.address = @address;

-- name: LockAddress :exec
-- Two first messages of one address wait for each other here, so that they do not make two contacts.
SELECT pg_advisory_xact_lock(hashtextextended(@company_id::bigint || ' ' || @channel::text || ' ' || @address::text, 0));

-- name: Insert :exec
INSERT INTO contact (company_id, id, number, name, language, time_zone, created_at)
VALUES (@company_id, @id, @number, @name, @language, @time_zone, @created_at);

-- name: InsertAddress :exec
INSERT INTO contact_address (company_id, id, contact_id, channel, address, created_at)
VALUES (@company_id, @id, @contact_id, @channel, @address, @created_at);

-- name: ByID :one
SELECT * FROM contact WHERE company_id = @company_id AND id = @id;

-- name: Lock :one
SELECT * FROM contact WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: Update :exec
UPDATE contact
SET name = @name, phone = @phone, email = @email, tags = @tags, note = @note, version = version + 1
WHERE company_id = @company_id AND id = @id;

-- name: SetHints :exec
UPDATE contact
SET language = CASE WHEN @language::text = '' THEN language ELSE @language END,
    time_zone = CASE WHEN @time_zone::text = '' THEN time_zone ELSE @time_zone END
WHERE company_id = @company_id AND id = @id;

-- name: DeleteTags :exec
DELETE FROM contact_tag WHERE company_id = @company_id AND contact_id = @contact_id AND tag <> ALL (@keep::text[]);

-- name: InsertTags :exec
INSERT INTO contact_tag (company_id, tag, contact_id)
SELECT @company_id::bigint, unnest(@tags::text[]), @contact_id::uuid
ON CONFLICT DO NOTHING;

-- name: Tagged :many
SELECT contact_id FROM contact_tag WHERE company_id = @company_id AND tag = @tag LIMIT @most;

-- name: Search :many
-- By the role that reads past the policies: they would keep the index from being used.
SELECT id FROM contact
WHERE company_id = @company_id AND words_of_contact(company_id, name, phone, email) @@ words_asked(@company_id, @typed)
ORDER BY id DESC
LIMIT @most;
