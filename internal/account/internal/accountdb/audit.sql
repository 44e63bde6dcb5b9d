-- name: InsertRecord :exec
WITH record AS (
    INSERT INTO audit_record (company_id, id, at, user_id, ip, action, subject, old, new)
    VALUES (@company_id, @id, @at, @user_id, @ip, @action, @subject, @old, @new)
    RETURNING company_id, id
)
INSERT INTO audit_pending (company_id, record_id) SELECT company_id, id FROM record;

-- name: ListRecords :many
SELECT id, at, user_id, ip, action, subject, old, new
FROM audit_record
WHERE company_id = @company_id
  AND (@action::text = '' OR action = @action OR action LIKE @action_prefix::text)
  AND (@subject::text = '' OR subject = @subject)
  AND (@user_id::bigint = 0 OR user_id = @user_id)
  AND (@pattern::text = '' OR action ILIKE @pattern OR subject ILIKE @pattern OR ip ILIKE @pattern
       OR old::text ILIKE @pattern OR new::text ILIKE @pattern)
  AND id >= @from_id AND id < @before_id
ORDER BY id DESC
LIMIT @max_rows;

-- Who acted in a company need not be its member: people of the platform do too.
-- name: UserNames :many
SELECT id, name FROM users WHERE id = ANY (@user_ids::bigint[]);

-- name: PendingRecords :many
-- any company: the sealer works for all
SELECT r.company_id, r.id, r.at, r.user_id, r.ip, r.action, r.subject, r.old, r.new
FROM audit_pending p
JOIN audit_record r ON r.company_id = p.company_id AND r.id = p.record_id
ORDER BY r.company_id, r.id
LIMIT @max_rows;

-- name: LastSeals :many
-- any company: the sealer works for all
SELECT DISTINCT ON (company_id) company_id, number, chain
FROM audit_seal
WHERE company_id = ANY (@company_ids::bigint[])
ORDER BY company_id, number DESC;

-- name: InsertSeals :exec
-- any company: the sealer works for all
INSERT INTO audit_seal (company_id, number, record_id, salt, content, chain)
SELECT unnest(@company_ids::bigint[]), unnest(@numbers::bigint[]), unnest(@record_ids::uuid[]),
    unnest(@salts::bytea[]), unnest(@contents::bytea[]), unnest(@chains::bytea[]);

-- name: DeletePending :execrows
-- any company: the sealer works for all
DELETE FROM audit_pending p
USING (SELECT unnest(@company_ids::bigint[]) AS company_id, unnest(@record_ids::uuid[]) AS record_id) s
WHERE p.company_id = s.company_id AND p.record_id = s.record_id;

-- Only one sealer at a time carries the chains on.
-- name: TryLockSealer :one
SELECT pg_try_advisory_xact_lock(@key);

-- name: AuditedCompanies :many
-- any company: parley audit goes through all
SELECT company_id FROM audit_record UNION SELECT company_id FROM audit_seal ORDER BY company_id;

-- name: Seals :many
SELECT s.number, s.record_id, s.salt, s.content, s.chain, (r.id IS NOT NULL)::boolean AS there,
    coalesce(r.at, 'epoch')::timestamptz AS at, r.user_id, coalesce(r.ip, '') AS ip, coalesce(r.action, '') AS action,
    coalesce(r.subject, '') AS subject, r.old, r.new
FROM audit_seal s
LEFT JOIN audit_record r ON r.company_id = s.company_id AND r.id = s.record_id
WHERE s.company_id = @company_id AND s.number > @after_number
ORDER BY s.number
LIMIT @max_rows;

-- name: UnsealedRecords :many
SELECT r.id, r.at, (p.record_id IS NOT NULL)::boolean AS pending
FROM audit_record r
LEFT JOIN audit_seal s ON s.company_id = r.company_id AND s.record_id = r.id
LEFT JOIN audit_pending p ON p.company_id = r.company_id AND p.record_id = r.id
WHERE r.company_id = @company_id AND s.record_id IS NULL
ORDER BY r.id;
