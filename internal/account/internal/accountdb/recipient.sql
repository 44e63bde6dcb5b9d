-- name: RecipientByID :one
SELECT u.id, u.name, u.email, u.email_confirmed, u.language,
       coalesce((SELECT c.time_zone FROM company c WHERE c.id = u.last_company_id), 'UTC')::text AS time_zone
FROM users u WHERE u.id = @user_id;

-- name: RecipientsOfCompany :many
-- Those of a company whose address is confirmed and who hold one of the roles.
SELECT u.id, u.name, u.email, u.email_confirmed, u.language, c.time_zone
FROM membership m
JOIN users u ON u.id = m.user_id
JOIN company c ON c.id = m.company_id
WHERE m.company_id = @company_id AND m.blocked_at IS NULL AND u.email_confirmed AND m.roles && @roles::text[]
ORDER BY u.id;
