-- name: RecipientByID :one
SELECT u.id, u.name, u.email, u.email_confirmed, u.language,
       coalesce((SELECT c.time_zone FROM company c WHERE c.id = u.last_company_id), 'UTC')::text AS time_zone
FROM users u WHERE u.id = @user_id;
