-- Seats are the members that work in companies which pay, company by company.
-- name: Seats :many
-- any company: fees of many are made in one go.
SELECT m.company_id, m.user_id, m.created_at
FROM membership m
WHERE m.blocked_at IS NULL AND m.company_id = ANY (@companies::bigint[])
ORDER BY m.company_id, m.created_at, m.user_id;

-- name: PayingCompanies :many
-- any company: fees of many are made in one go.
SELECT id FROM company WHERE id > @after AND parent_id IS NOT NULL AND status <> 'closed' ORDER BY id LIMIT @most;

-- name: PauseMember :execrows
UPDATE membership SET paused_at = @paused_at WHERE company_id = @company_id AND user_id = @user_id;
