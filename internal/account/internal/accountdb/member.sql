-- name: InsertUser :one
INSERT INTO users (name, email, email_confirmed, phone, phone_confirmed, password_hash, language, created_at)
VALUES (@name, @email, @email_confirmed, @phone, @phone_confirmed, @password_hash, @language, @created_at)
RETURNING id;

-- name: SetLogins :exec
UPDATE users SET email = @email, phone = @phone WHERE id = @user_id;

-- name: UserByID :one
SELECT id, name, email, email_confirmed, phone, phone_confirmed, ref_token, language, theme, dialog_order, last_company_id FROM users WHERE id = @user_id;

-- name: UpdateUserSettings :exec
UPDATE users
SET language = coalesce(sqlc.narg(language), language), theme = coalesce(sqlc.narg(theme), theme),
    dialog_order = coalesce(sqlc.narg(dialog_order), dialog_order)
WHERE id = @user_id;

-- name: SetLastCompany :exec
UPDATE users SET last_company_id = @company_id::bigint WHERE id = @user_id;

-- name: MembershipsOfUser :many
-- any company: those the user may enter
SELECT c.id, c.name, c.kind, c.currency, c.time_zone, c.operators_see_prices, m.roles
FROM membership m
JOIN company c ON c.id = m.company_id
WHERE m.user_id = @user_id AND m.blocked_at IS NULL AND c.status = 'active'
ORDER BY lower(c.name), c.id;

-- name: CountMemberships :one
-- any company: a user who is blocked everywhere does not get in
SELECT count(*) AS known, count(*) FILTER (WHERE m.blocked_at IS NULL) AS open FROM membership m WHERE m.user_id = @user_id;

-- name: InsertMembership :exec
INSERT INTO membership (company_id, user_id, roles, dialog_limit, created_at)
VALUES (@company_id, @user_id, @roles, @dialog_limit, @created_at);

-- name: MembershipForAccess :one
SELECT m.roles, m.blocked_at, c.kind, c.status, c.operators_see_prices
FROM membership m
JOIN company c ON c.id = m.company_id
WHERE m.company_id = @company_id AND m.user_id = @user_id;

-- name: Members :many
SELECT u.id, u.name, u.email, m.roles, m.dialog_limit, m.blocked_at, m.paused_at, c.max_dialogs
FROM membership m
JOIN users u ON u.id = m.user_id
JOIN company c ON c.id = m.company_id
WHERE m.company_id = @company_id AND (sqlc.narg(user_ids)::bigint[] IS NULL OR m.user_id = ANY (sqlc.narg(user_ids)::bigint[]));

-- name: MemberForUpdate :one
SELECT * FROM membership WHERE company_id = @company_id AND user_id = @user_id FOR UPDATE;

-- name: CountOtherOwners :one
SELECT count(*) FROM membership
WHERE company_id = @company_id AND user_id <> @user_id AND 'owner' = ANY (roles) AND blocked_at IS NULL;

-- name: UpdateMembership :exec
UPDATE membership
SET roles = @roles, dialog_limit = @dialog_limit, blocked_at = @blocked_at, block_reason = @block_reason
WHERE company_id = @company_id AND user_id = @user_id;

-- name: ListMembers :many
SELECT u.id, u.name, u.email, u.phone, u.last_seen_at, m.roles, m.dialog_limit, m.blocked_at, m.block_reason
FROM membership m
JOIN users u ON u.id = m.user_id
WHERE m.company_id = @company_id
  AND (@q::text = '' OR u.id::text = @q OR u.name ILIKE @pattern::text OR u.email ILIKE @pattern)
  AND (@after_id::bigint = 0 OR (lower(u.name), u.id) > (SELECT lower(a.name), a.id FROM users a WHERE a.id = @after_id))
  AND (sqlc.narg(user_id)::bigint IS NULL OR u.id = sqlc.narg(user_id))
ORDER BY lower(u.name), u.id
LIMIT @max_rows;

-- name: UserByRefToken :one
SELECT id FROM users WHERE ref_token = @ref_token;

-- name: ConfirmEmail :execrows
UPDATE users SET email_confirmed = true WHERE id = @user_id AND email = @email;

-- name: SetPassword :one
UPDATE users
SET password_hash = @password_hash, email_confirmed = email_confirmed OR email = @proved_email::text
WHERE id = @user_id
RETURNING name, email, email_confirmed, phone, language;

-- name: CompaniesOfUser :many
-- any company: a change of how a user signs in shows in each of their trails
SELECT company_id FROM membership WHERE user_id = @user_id ORDER BY company_id;
