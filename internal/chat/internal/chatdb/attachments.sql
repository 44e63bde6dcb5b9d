-- A file that is being uploaded has the size 0, one that is about to be removed
-- the size -1: neither can be sent.

-- name: BeginUpload :exec
INSERT INTO attachment (company_id, id, name, media_type, size, sha256, visitor_id, user_id, created_at)
VALUES (@company_id, @id, @name, @media_type, 0, '', sqlc.narg('visitor_id')::uuid, sqlc.narg('user_id')::bigint, @created_at);

-- name: EndUpload :one
UPDATE attachment SET media_type = @media_type, size = @size, sha256 = @sha256, width = sqlc.narg('width')::int, height = sqlc.narg('height')::int
WHERE company_id = @company_id AND id = @id AND size = 0
RETURNING *;

-- name: ForgetUpload :exec
DELETE FROM attachment WHERE company_id = @company_id AND id = @id AND size <= 0;

-- name: AttachmentByID :one
SELECT * FROM attachment WHERE company_id = @company_id AND id = @id AND size > 0;

-- name: UploadedByVisitor :one
SELECT count(*) AS files, coalesce(sum(size), 0)::bigint AS bytes FROM attachment
WHERE company_id = @company_id AND visitor_id = @visitor_id::uuid AND created_at > @since;

-- name: AbandonUploads :many
-- any company: the cleaner works for all
UPDATE attachment SET size = -1
WHERE (company_id, id) IN (
    SELECT a.company_id, a.id FROM attachment a
    WHERE a.message_id IS NULL AND a.created_at < @before
    ORDER BY a.created_at LIMIT @max_rows
    FOR UPDATE SKIP LOCKED
)
RETURNING company_id, id;

-- One more file of visitors, from an address and from all of them. The caller
-- takes it back by giving the transaction up.
-- name: CountUpload :many
INSERT INTO upload_count AS c (company_id, day, address, files)
SELECT @company_id::bigint, (sqlc.arg('at')::timestamptz AT TIME ZONE 'UTC')::date, unnest(ARRAY['', @address::text]), 1
ON CONFLICT (company_id, day, address) DO UPDATE SET files = c.files + 1
RETURNING *;

-- name: WeighUpload :exec
UPDATE upload_count SET bytes = bytes + @bytes::bigint
WHERE company_id = @company_id AND day = (sqlc.arg('at')::timestamptz AT TIME ZONE 'UTC')::date AND address IN ('', @address::text);

-- name: ForgetUploadCounts :exec
-- any company: the cleaner works for all
DELETE FROM upload_count WHERE day < (sqlc.arg('at')::timestamptz AT TIME ZONE 'UTC')::date;
