-- Letters belong to users, not to companies; only trusted work touches them.

-- name: InsertLetter :one
-- Makes a letter once per fact; no row when it was made already.
INSERT INTO letter (id, user_id, kind, fact, recipient, language, data, created_at)
VALUES (@id, @user_id, @kind, @fact, @recipient, @language, @data, @created_at)
ON CONFLICT (fact, user_id, kind) DO NOTHING
RETURNING id;

-- name: WaitingLetter :one
SELECT * FROM letter WHERE id = @id AND state = 'waiting';

-- name: LetterSent :exec
UPDATE letter SET state = 'sent', sent_at = @sent_at WHERE id = @id AND state = 'waiting';

-- name: LetterFailed :exec
UPDATE letter SET state = 'failed', reason = @reason WHERE id = @id AND state = 'waiting';

-- name: DeleteOldLetters :execrows
DELETE FROM letter WHERE created_at < @before;
