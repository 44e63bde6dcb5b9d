-- name: CurrentTexts :many
SELECT DISTINCT ON (kind) kind, version, title, body
FROM legal_text
WHERE language = @language
ORDER BY kind, version DESC;

-- name: TextVersions :many
SELECT t.kind, t.version, t.language, t.title, t.body, t.published_at, t.published_by, u.name AS published_by_name
FROM legal_text t
LEFT JOIN users u ON u.id = t.published_by
ORDER BY t.kind, t.version DESC, t.language DESC;

-- name: InsertText :exec
INSERT INTO legal_text (kind, version, language, title, body, published_at, published_by)
VALUES (@kind, @version, @language, @title, @body, @published_at, @published_by);

-- ConsentsRequired are the newest texts that a user has not agreed to.
-- name: ConsentsRequired :many
SELECT t.kind, t.version::int AS version
FROM (SELECT kind, max(version) AS version FROM legal_text GROUP BY kind) t
WHERE NOT EXISTS (SELECT FROM consent c WHERE c.user_id = @user_id AND c.kind = t.kind AND c.version >= t.version)
ORDER BY t.kind DESC;

-- name: InsertConsent :exec
INSERT INTO consent (user_id, kind, version, given_at, ip)
VALUES (@user_id, @kind, @version, @given_at, @ip)
ON CONFLICT (user_id, kind, version) DO NOTHING;

-- AgreeToAll is for people whom the program itself makes.
-- name: AgreeToAll :exec
INSERT INTO consent (user_id, kind, version, given_at, ip)
SELECT @user_id, kind, max(version), @given_at, @ip FROM legal_text GROUP BY kind
ON CONFLICT (user_id, kind, version) DO NOTHING;

-- AgreedBefore are people who agreed to an older version of a text.
-- name: AgreedBefore :many
SELECT u.id, u.email, u.language
FROM users u
WHERE u.id > @after_id AND u.email_confirmed
  AND EXISTS (SELECT FROM consent c WHERE c.user_id = u.id AND c.kind = @kind AND c.version < @version::int)
ORDER BY u.id
LIMIT @max_rows;
