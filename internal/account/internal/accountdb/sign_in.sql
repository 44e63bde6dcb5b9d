-- name: UserByLogin :one
SELECT id, password_hash FROM users WHERE email = @login OR phone = @login;

-- CountAttempt notes an attempt for each subject. A row that comes back with
-- locked_until was locked before and is unchanged.
-- name: CountAttempt :many
INSERT INTO sign_in_failure AS f (subject, failed_at, locked_until, forget_at)
SELECT s.subject, ARRAY [@now::timestamptz], NULL, @forget_at::timestamptz
FROM (SELECT unnest(@subjects::text[])::text AS subject) s
ORDER BY s.subject -- the same order everywhere, so that attempts wait and never deadlock
ON CONFLICT (subject) DO UPDATE SET
    failed_at = CASE
        WHEN f.locked_until > @now THEN f.failed_at
        ELSE ARRAY (SELECT s.t FROM (SELECT unnest(f.failed_at) AS t) s WHERE s.t > @since::timestamptz) || @now::timestamptz
    END,
    locked_until = CASE WHEN f.locked_until > @now THEN f.locked_until END,
    forget_at = greatest(f.forget_at, @forget_at)
RETURNING subject, cardinality(failed_at)::int AS attempts, locked_until;

-- name: LockSubjects :exec
UPDATE sign_in_failure SET locked_until = @locked_until::timestamptz, forget_at = greatest(forget_at, @locked_until) WHERE subject = ANY (@subjects::text[]);

-- TakeSubjects locks rows in the order in which attempts lock them.
-- name: TakeSubjects :exec
SELECT subject FROM sign_in_failure WHERE subject = ANY (@subjects::text[]) ORDER BY subject FOR UPDATE;

-- name: ForgetFailures :exec
DELETE FROM sign_in_failure WHERE subject = ANY (@subjects::text[]);

-- TakeBackAttempt removes one attempt of that instant, and with it the lock
-- that it brought.
-- name: TakeBackAttempt :exec
UPDATE sign_in_failure f
SET failed_at = f.failed_at[:array_position(f.failed_at, @at::timestamptz) - 1] || f.failed_at[array_position(f.failed_at, @at) + 1:],
    locked_until = NULL
WHERE f.subject = ANY (@subjects::text[]) AND @at = ANY (f.failed_at);

-- InsertSignIn makes no row when the password was changed meanwhile.
-- name: InsertSignIn :execrows
WITH made AS (
    INSERT INTO sign_ins (id, user_id, token_hash, remember, user_agent, ip, created_at, last_seen_at, expires_at)
    SELECT @id, u.id, @token_hash, @remember, @user_agent, @ip, @now::timestamptz, @now, @expires_at
    FROM users u
    WHERE u.id = @user_id AND u.password_hash = @password_hash
    RETURNING user_id
)
UPDATE users u SET last_seen_at = @now FROM made WHERE u.id = made.user_id;

-- name: SetPasswordHash :exec
UPDATE users SET password_hash = @new_hash WHERE id = @user_id AND password_hash = @old_hash;

-- name: SignInByToken :one
SELECT id, user_id, last_seen_at, expires_at FROM sign_ins WHERE token_hash = @token_hash;

-- A sign-in that is not remembered ends a while after its last use, and all
-- end for good some day.
-- name: TouchSignIn :exec
WITH touched AS (
    UPDATE sign_ins s
    SET last_seen_at = @now::timestamptz,
        expires_at = CASE WHEN s.remember THEN s.expires_at ELSE least(@idle_until::timestamptz, s.created_at + interval '30 days') END
    WHERE s.id = @id AND s.last_seen_at <= @seen_before
    RETURNING s.user_id
)
UPDATE users u SET last_seen_at = @now FROM touched WHERE u.id = touched.user_id;

-- name: DeleteSignIn :one
DELETE FROM sign_ins WHERE id = @id RETURNING user_id;

-- name: DeleteSignInByToken :one
DELETE FROM sign_ins WHERE token_hash = @token_hash RETURNING id, user_id;

-- name: DeleteSignInsOfUser :many
DELETE FROM sign_ins WHERE user_id = @user_id RETURNING id;

-- name: DeleteExpiredSignIns :execrows
DELETE FROM sign_ins WHERE expires_at <= @now;

-- name: DeleteOldFailures :execrows
DELETE FROM sign_in_failure WHERE forget_at <= @now;

-- NoteDevice says whether the user has signed in with other browsers before and
-- never with this one.
-- name: NoteDevice :one
WITH noted AS (
    INSERT INTO device (user_id, fingerprint, seen_at) VALUES (@user_id, @fingerprint, @now)
    ON CONFLICT (user_id, fingerprint) DO UPDATE SET seen_at = @now
    RETURNING xmax = 0 AS is_new
)
SELECT (is_new AND EXISTS (SELECT FROM device d WHERE d.user_id = @user_id))::boolean AS another FROM noted;

-- name: DeleteOldDevices :execrows
DELETE FROM device WHERE seen_at <= @before;
