-- name: RulesOfChat :one
SELECT c.id, c.state, c.name, c.sharing, c.sticky, c.lifetime_hours, c.operator_idle_minutes, c.first_target_s, c.next_target_s,
    c.busy_text, c.closing_results, c.result_required, c.operator_name_shown, c.languages, c.look, c.greet_on_open
FROM chat c
WHERE c.company_id = @company_id AND c.id = @id;

-- name: ChatOfConnection :one
SELECT chat_id FROM chat_connection WHERE company_id = @company_id AND connection_id = @connection_id;

-- name: GroupsOfChats :many
SELECT chat_id, group_id FROM chat_group WHERE company_id = @company_id ORDER BY chat_id, position, group_id;

-- name: TeamGroups :many
SELECT g.id, g.name, g.sharing, g.first_target_s, g.next_target_s,
    coalesce(array_agg(m.user_id ORDER BY m.user_id) FILTER (WHERE m.user_id IS NOT NULL), '{}')::bigint[] AS members
FROM operator_group g LEFT JOIN group_member m ON m.company_id = g.company_id AND m.group_id = g.id
WHERE g.company_id = @company_id AND g.archived_at IS NULL
GROUP BY g.company_id, g.id;

-- name: ChatSharings :many
SELECT id, sharing, sticky FROM chat WHERE company_id = @company_id;

-- How a dialog stands; its row is locked.
-- name: Standing :one
SELECT sqlc.embed(h), sqlc.embed(s)
FROM dialog_head h JOIN session s ON s.company_id = h.company_id AND s.id = h.session_id
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id;

-- The commit of this transaction does not wait for the disk.
-- name: CommitLater :exec
SELECT set_config('synchronous_commit', 'off', true);

-- name: SessionByID :one
SELECT * FROM session WHERE company_id = @company_id AND id = @id;

-- name: LastOperators :many
SELECT DISTINCT ON (s.dialog_id) s.dialog_id, s.operator_id::bigint AS operator_id
FROM session s
WHERE s.company_id = @company_id AND s.dialog_id = ANY (@dialog_ids::uuid[]) AND s.state = 'closed' AND s.operator_id IS NOT NULL
ORDER BY s.dialog_id, s.number DESC;

-- The first session of a dialog makes its head, later ones take it over. Without
-- queued_at nobody waits yet: the contact has been greeted and has not written.
-- name: BeginSession :exec
WITH s AS (
    INSERT INTO session (company_id, id, number, dialog_id, chat_id, state, started_at, queued_at, last_message_at, first_target_s, next_target_s)
    VALUES (@company_id, @id, @number, @dialog_id, @chat_id, 'queued', @at, sqlc.narg('queued_at')::timestamptz, @at, @first_target_s, @next_target_s)
), moved AS (
    UPDATE dialog d SET session_id = @id, spam_at = NULL WHERE d.company_id = @company_id AND d.id = @dialog_id
)
INSERT INTO dialog_head (company_id, dialog_id, number, chat_id, channel, contact_id, contact_name, state,
    session_id, session_number, last_seq, last_at, last_author, preview, tags)
VALUES (@company_id, @dialog_id, @dialog_number, @chat_id, @channel, @contact_id, @contact_name, 'queued', @id, @number, 0, @at, 'contact', '', @tags)
ON CONFLICT (company_id, dialog_id) DO UPDATE
SET state = 'queued', operator_id = NULL, group_id = NULL, session_id = @id, session_number = @number, answered = false, result = '';

-- Gives a session to an operator, says so in the dialog and keeps why.
-- name: AssignSession :one
WITH changed AS (
    UPDATE session s SET state = 'open', operator_id = @operator_id::bigint, group_id = sqlc.narg('group_id')::uuid, queued_at = NULL, passed_by = NULL,
        assigned_at = @at::timestamptz, first_target_s = @first_target_s, next_target_s = @next_target_s
    WHERE s.company_id = @company_id AND s.id = @id
), m AS (
    INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, kind, public, at)
    VALUES (@company_id, @message_id, @dialog_id, @id, @seq, 'system', 'system', false, @at)
), b AS (
    INSERT INTO message_body (company_id, id, text, data) VALUES (@company_id, @message_id, '', @data)
), moved AS (
    UPDATE dialog d SET last_seq = @seq WHERE d.company_id = @company_id AND d.id = @dialog_id
), why AS (
    INSERT INTO assignment (company_id, id, session_id, at, operator_id, group_id, how, by_user_id, comment, reason)
    VALUES (@company_id, @assignment_id, @id, @at, @operator_id::bigint, sqlc.narg('group_id')::uuid, @how, sqlc.narg('by_user_id')::bigint, @comment, @reason)
)
UPDATE dialog_head h SET state = 'open', operator_id = @operator_id::bigint, group_id = sqlc.narg('group_id')::uuid, last_seq = @seq
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING *;

-- name: QueueSession :one
WITH changed AS (
    UPDATE session s SET state = 'queued', operator_id = NULL, group_id = sqlc.narg('group_id')::uuid, queued_at = @queued_at::timestamptz,
        passed_by = sqlc.narg('passed_by')::bigint, assigned_at = NULL
    WHERE s.company_id = @company_id AND s.id = @id
)
UPDATE dialog_head h SET state = 'queued', operator_id = NULL, group_id = sqlc.narg('group_id')::uuid
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING *;

-- answered says that nobody waits for an answer any more. The head keeps who
-- had the session last: they see it among the closed.
-- name: CloseSession :one
WITH changed AS (
    UPDATE session s SET state = 'closed', queued_at = NULL, closed_at = @at::timestamptz, closed_by = sqlc.narg('closed_by')::bigint,
        result = @result, spam = @spam, refund_after = sqlc.narg('refund_after')::uuid
    WHERE s.company_id = @company_id AND s.id = @id
), moved AS (
    UPDATE dialog d SET session_id = NULL, spam_at = CASE WHEN @spam THEN @at::timestamptz END,
        operator_read_seq = CASE WHEN @answered::bool THEN d.last_seq ELSE d.operator_read_seq END
    WHERE d.company_id = @company_id AND d.id = @dialog_id
)
UPDATE dialog_head h SET state = 'closed', result = @result,
    waiting_since = CASE WHEN @answered::bool THEN NULL ELSE h.waiting_since END,
    unread = CASE WHEN @answered::bool THEN 0 ELSE h.unread END
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING *;

-- name: ReopenSession :exec
WITH changed AS (
    UPDATE session s SET closed_at = NULL, closed_by = NULL, result = '', last_message_at = @at
    WHERE s.company_id = @company_id AND s.id = @id
), moved AS (
    UPDATE dialog d SET session_id = @id WHERE d.company_id = @company_id AND d.id = @dialog_id
)
UPDATE dialog_head h SET result = '' WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id;

-- name: MarkSpam :exec
WITH moved AS (
    UPDATE dialog d SET spam_at = @at WHERE d.company_id = @company_id AND d.id = @dialog_id
)
UPDATE session s SET spam = true, refund_after = sqlc.narg('refund_after')::uuid WHERE s.company_id = @company_id AND s.id = @id;

-- name: LockRefund :one
SELECT refund_after::uuid AS refund_after FROM session
WHERE company_id = @company_id AND id = @id AND refund_after IS NOT NULL FOR NO KEY UPDATE;

-- name: MoveRefund :exec
UPDATE session SET refund_after = sqlc.narg('refund_after')::uuid WHERE company_id = @company_id AND id = @id;

-- name: PendingRefunds :many
-- any company: the sweeper finishes what a stopped program has left
SELECT company_id, id FROM session WHERE refund_after IS NOT NULL ORDER BY company_id, id LIMIT 100;

-- Who waits for one of the groups, or for any group of one of the chats, in
-- the order of their waiting.
-- name: WaitingSessions :many
SELECT id, dialog_id, queued_at::timestamptz AS queued_at FROM session
WHERE company_id = @company_id AND state = 'queued' AND (queued_at, id) > (@after_at::timestamptz, @after_id::uuid)
    AND (group_id = ANY (@groups::uuid[]) OR group_id IS NULL AND chat_id = ANY (@chats::uuid[]))
ORDER BY queued_at, id LIMIT @max_rows;

-- One transaction at a time shares out a company's queue, on all nodes. The
-- lock comes before any row's.
-- name: LockSharing :exec
SELECT pg_advisory_xact_lock(7305, hashint8(@company_id::bigint));

-- name: QueuedSessions :many
SELECT * FROM session WHERE company_id = @company_id AND id = ANY (@ids::uuid[]) AND state = 'queued' ORDER BY queued_at, id;

-- name: UntoldSessions :many
SELECT id, dialog_id, chat_id, group_id FROM session
WHERE company_id = @company_id AND state = 'queued' AND queued_at IS NOT NULL AND busy_told_at IS NULL AND id > @after_id
ORDER BY id LIMIT @max_rows;

-- name: MarkBusyTold :exec
UPDATE session SET busy_told_at = @at::timestamptz WHERE company_id = @company_id AND id = @id;

-- Everybody who waits, with their line: the group they were handed to, else
-- the chat.
-- name: Queue :many
SELECT s.id, s.dialog_id, s.queued_at::timestamptz AS queued_at, d.channel, d.address,
    rank() OVER (PARTITION BY coalesce(s.group_id, s.chat_id) ORDER BY s.queued_at, s.id)::int AS position
FROM session s JOIN dialog d ON d.company_id = s.company_id AND d.id = s.dialog_id
WHERE s.company_id = @company_id AND s.state = 'queued' AND s.queued_at IS NOT NULL;

-- name: QueuePosition :one
SELECT count(*)::int + 1 FROM session
WHERE company_id = @company_id AND state = 'queued' AND coalesce(group_id, chat_id) = @line::uuid
    AND (queued_at, id) < (@queued_at::timestamptz, @id::uuid);

-- Queues that somebody may be there for, or that were not told yet that nobody
-- is; not those of all who went home for the night.
-- name: QueuesThatMayMove :many
-- any company: the sweeper is the net for wakes that were lost
SELECT o.company_id FROM (SELECT DISTINCT company_id FROM operator WHERE state = 'online') o
WHERE EXISTS (SELECT FROM session s WHERE s.company_id = o.company_id AND s.state = 'queued' AND s.queued_at IS NOT NULL)
UNION
SELECT DISTINCT company_id FROM session WHERE state = 'queued' AND queued_at IS NOT NULL AND busy_told_at IS NULL;

-- name: OutlivedSessions :many
-- any company: the sweeper closes what was idle for longer than its chat allows
SELECT s.company_id, s.dialog_id, s.id
FROM session s JOIN chat c ON c.company_id = s.company_id AND c.id = s.chat_id
WHERE s.state <> 'closed' AND s.last_message_at <= sqlc.arg('hour_ago')::timestamptz
    AND s.last_message_at <= sqlc.arg('now')::timestamptz - c.lifetime_hours * interval '1 hour'
ORDER BY s.last_message_at, s.id
LIMIT sqlc.arg('max_rows');

-- Assigned sessions whose contact waits while the operator shows no sign of
-- life in them.
-- name: NeglectedSessions :many
-- any company: the sweeper returns them to their queues
SELECT s.company_id, s.dialog_id, s.id
FROM dialog_head h
JOIN session s ON s.company_id = h.company_id AND s.id = h.session_id
JOIN chat c ON c.company_id = h.company_id AND c.id = h.chat_id
WHERE h.state = 'open' AND h.waiting_since <= sqlc.arg('now')::timestamptz - interval '1 minute'
    AND greatest(h.waiting_since, s.assigned_at, s.last_operator_at) <= sqlc.arg('now')::timestamptz - c.operator_idle_minutes * interval '1 minute'
ORDER BY h.waiting_since LIMIT @max_rows;

-- Why a session is in the queue.
-- name: InsertAssignment :exec
INSERT INTO assignment (company_id, id, session_id, at, group_id, how, by_user_id, comment, reason)
VALUES (@company_id, @id, @session_id, @at, sqlc.narg('group_id')::uuid, @how, sqlc.narg('by_user_id')::bigint, @comment, @reason);

-- name: AssignmentsOfSession :many
SELECT * FROM assignment WHERE company_id = @company_id AND session_id = @session_id ORDER BY at, id;

-- name: OpenDialogsOf :many
SELECT dialog_id FROM session WHERE company_id = @company_id AND operator_id = @operator_id::bigint AND state = 'open' ORDER BY dialog_id;
