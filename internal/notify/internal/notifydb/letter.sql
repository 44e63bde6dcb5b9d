-- Letters belong to users, not to companies; only trusted work touches them.

-- name: InsertLetter :execrows
-- Makes a letter once per fact, kind and address; no row when it was made already.
INSERT INTO letter (id, user_id, company_id, kind, fact, recipient, language, data, secret, files, created_at)
VALUES (@id, @user_id, @company_id, @kind, @fact, @recipient, @language, @data, @secret, @files, @created_at)
ON CONFLICT (fact, kind, recipient) DO NOTHING;

-- name: WaitingLetter :one
SELECT * FROM letter WHERE id = @id AND state = 'waiting';

-- name: LetterSent :exec
UPDATE letter SET state = 'sent', secret = NULL, sent_at = @sent_at WHERE id = @id AND state = 'waiting';

-- name: LetterFailed :exec
UPDATE letter SET state = 'failed', secret = NULL, reason = @reason WHERE id = @id AND state = 'waiting';

-- name: DeleteOldLetters :execrows
DELETE FROM letter WHERE created_at < @before;
