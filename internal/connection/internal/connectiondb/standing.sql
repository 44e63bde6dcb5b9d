-- name: Standings :many
-- any company: fees of many are made in one go.
SELECT company_id, id, created_at FROM connection
WHERE state <> 'disabled' AND company_id = ANY (@companies::bigint[])
ORDER BY company_id, created_at, id;

-- name: Pause :exec
UPDATE connection SET state = @new WHERE company_id = @company_id AND id = @id AND state = @old;
