-- PutInvitation replaces one that is open; its link is deleted before.
-- name: PutInvitation :exec
INSERT INTO invitation (company_id, email, name, roles, token_hash, invited_by, created_at, expires_at)
VALUES (@company_id, @email, @name, @roles, @token_hash, @invited_by, @created_at, @expires_at)
ON CONFLICT (company_id, email) DO UPDATE SET
    name = excluded.name, roles = excluded.roles, token_hash = excluded.token_hash, invited_by = excluded.invited_by,
    created_at = excluded.created_at, expires_at = excluded.expires_at;

-- name: DeleteInvitationLink :exec
DELETE FROM link WHERE token_hash = (SELECT i.token_hash FROM invitation i WHERE i.company_id = @company_id AND i.email = @email);

-- name: InvitationByToken :one
-- any company: the token names it
SELECT i.company_id, i.email, i.name, i.roles, c.name AS company FROM invitation i JOIN company c ON c.id = i.company_id
WHERE i.token_hash = @token_hash;

-- name: OpenInvitations :many
SELECT email, name, roles, created_at, expires_at FROM invitation
WHERE company_id = @company_id AND expires_at > @now
ORDER BY created_at DESC, email
LIMIT 100;

-- name: DeleteInvitation :exec
DELETE FROM invitation WHERE company_id = @company_id AND email = @email;

-- name: MemberHasEmail :one
SELECT EXISTS (SELECT FROM membership m JOIN users u ON u.id = m.user_id WHERE m.company_id = @company_id AND u.email = @email);
