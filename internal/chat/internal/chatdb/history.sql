-- Ids begin with their time: since is an id older than the dialog, which keeps
-- the months before it out of the search for its messages.

-- name: MessagesBefore :many
SELECT m.*, b.text, b.data
FROM message m JOIN message_body b ON b.company_id = m.company_id AND b.id = m.id
WHERE m.company_id = @company_id AND m.dialog_id = @dialog_id AND m.seq < @before_seq AND m.id >= @since
ORDER BY m.seq DESC LIMIT @max_rows;

-- name: MessagesAfter :many
SELECT m.*, b.text, b.data
FROM message m JOIN message_body b ON b.company_id = m.company_id AND b.id = m.id
WHERE m.company_id = @company_id AND m.dialog_id = @dialog_id AND m.seq > @after_seq AND m.id >= @since
ORDER BY m.seq LIMIT @max_rows;

-- name: MessageByID :one
SELECT m.*, b.text, b.data
FROM message m JOIN message_body b ON b.company_id = m.company_id AND b.id = m.id
WHERE m.company_id = @company_id AND m.id = @id;

-- name: SessionsOfDialog :many
SELECT id, number, started_at, assigned_at, first_answer_at, closed_at, operator_id, result, spam, first_target_s, next_target_s
FROM session WHERE company_id = @company_id AND dialog_id = @dialog_id
ORDER BY id DESC LIMIT @max_rows;
