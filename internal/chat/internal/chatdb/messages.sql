-- The row of a dialog is its sequencer: whoever adds to a dialog, or changes
-- its session, locks the row first. Statements after the lock see everything
-- that was committed before it.

-- name: LockDialog :one
SELECT * FROM dialog WHERE company_id = @company_id AND id = @id FOR NO KEY UPDATE;

-- name: LockAddressDialog :one
SELECT * FROM dialog
WHERE company_id = @company_id AND channel = @channel AND address = @address AND chat_id = @chat_id
FOR NO KEY UPDATE;

-- Locked in the order of ids, so that two who lock several never wait for each
-- other in a circle.
-- name: LockDialogs :many
SELECT * FROM dialog WHERE company_id = @company_id AND id = ANY (@ids::uuid[]) ORDER BY id FOR NO KEY UPDATE;

-- name: AddressDialog :one
SELECT * FROM dialog WHERE company_id = @company_id AND channel = @channel AND address = @address AND chat_id = @chat_id;

-- name: DialogByID :one
SELECT * FROM dialog WHERE company_id = @company_id AND id = @id;

-- name: InsertDialog :one
INSERT INTO dialog (company_id, id, number, chat_id, address_id, channel, address, connection_id, language, page_url, page_title, created_at)
VALUES (@company_id, @id, @number, @chat_id, @address_id, @channel, @address, @connection_id, @language, @page_url, @page_title, @created_at)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: MessageByKey :one
SELECT m.*, b.text, b.data
FROM client_key k
JOIN message m ON m.company_id = k.company_id AND m.id = k.message_id
JOIN message_body b ON b.company_id = k.company_id AND b.id = k.message_id
WHERE k.company_id = @company_id AND k.dialog_id = @dialog_id AND k.key = @key;

-- Messages of contacts with all that they move, each to another dialog, in one
-- statement because these come most often. No row comes back for a message
-- when there is no dialog or no open session, when the session has outlived its
-- time, or when the key is there already. What another transaction has committed
-- while this one waited for a dialog's row is seen in rows that are updated, and
-- not in rows that were added: a session begun meanwhile counts as none.
-- Dialogs are locked in the order of their ids, like everywhere.
-- name: AppendContact :many
WITH i AS (
    SELECT unnest(@addresses::text[]) AS address, unnest(@chat_ids::uuid[]) AS chat_id, unnest(@keys::uuid[]) AS key,
        unnest(@message_ids::uuid[]) AS message_id, unnest(@alive_afters::timestamptz[]) AS alive_after, unnest(@kinds::text[]) AS kind,
        unnest(@texts::text[]) AS text, unnest(@data::text[]) AS data, unnest(@previews::text[]) AS preview, unnest(@languages::text[]) AS language,
        unnest(@page_urls::text[]) AS page_url, unnest(@page_titles::text[]) AS page_title
), d AS (
    SELECT i.*, o.company_id, o.id AS dialog_id, o.session_id, o.last_seq, o.last_public_seq, o.contact_read_seq, o.operator_read_seq
    FROM i JOIN dialog o ON o.company_id = @company_id AND o.channel = @channel AND o.address = i.address AND o.chat_id = i.chat_id
    ORDER BY o.id
    FOR NO KEY UPDATE OF o
), k AS (
    INSERT INTO client_key (company_id, dialog_id, key, message_id, created_at)
    SELECT s.company_id, s.dialog_id, d.key, d.message_id, @at
    FROM d JOIN session s ON s.company_id = d.company_id AND s.id = d.session_id
    WHERE s.last_message_at > d.alive_after
    ON CONFLICT DO NOTHING
    RETURNING message_id AS stored_id
), n AS (
    SELECT d.* FROM d JOIN k ON k.stored_id = d.message_id
), m AS (
    INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, kind, public, key, at)
    SELECT n.company_id, n.message_id, n.dialog_id, n.session_id, n.last_seq + 1, 'contact', n.kind, true, n.key, @at FROM n
), b AS (
    INSERT INTO message_body (company_id, id, text, data)
    SELECT n.company_id, n.message_id, n.text, nullif(n.data, '')::jsonb FROM n
), moved AS (
    UPDATE dialog o
    SET last_seq = n.last_seq + 1, last_public_seq = n.last_seq + 1, language = n.language, page_url = n.page_url, page_title = n.page_title
    FROM n WHERE o.company_id = n.company_id AND o.id = n.dialog_id
), s AS (
    UPDATE session s SET contact_messages = s.contact_messages + 1, first_contact_at = coalesce(s.first_contact_at, @at),
        last_contact_at = @at, last_message_at = @at, queued_at = CASE WHEN s.state = 'queued' THEN coalesce(s.queued_at, @at) END
    FROM n WHERE s.company_id = n.company_id AND s.id = n.session_id
)
UPDATE dialog_head h
SET last_seq = n.last_seq + 1, last_at = @at, last_author = 'contact', preview = n.preview,
    unread = h.unread + 1, waiting_since = coalesce(h.waiting_since, @at)
FROM n
WHERE h.company_id = n.company_id AND h.dialog_id = n.dialog_id
RETURNING sqlc.embed(h), n.message_id::uuid AS message_id, n.last_public_seq AS prev_public_seq, n.contact_read_seq, n.operator_read_seq;

-- An operator's answer. It counts as having read all that was written before.
-- No row comes back when the key is there already.
-- name: AppendAnswer :one
WITH k AS (
    INSERT INTO client_key (company_id, dialog_id, key, message_id, created_at)
    VALUES (@company_id, @dialog_id, @key, @message_id, @at)
    ON CONFLICT DO NOTHING
    RETURNING message_id
), m AS (
    INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, author_id, kind, public, key, reply_to, at)
    SELECT @company_id, message_id, @dialog_id, @session_id, @seq, 'operator', @author_id, @kind, true, @key, sqlc.narg('reply_to')::uuid, @at FROM k
), b AS (
    INSERT INTO message_body (company_id, id, text, data)
    SELECT @company_id, message_id, @text, @data FROM k
), d AS (
    UPDATE dialog SET last_seq = @seq, last_public_seq = @seq, operator_read_seq = @seq
    FROM k WHERE company_id = @company_id AND id = @dialog_id
), s AS (
    UPDATE session s SET operator_messages = s.operator_messages + 1, first_answer_at = coalesce(s.first_answer_at, @at),
        last_operator_at = @at, last_message_at = @at,
        next_answers = s.next_answers + CASE WHEN s.first_answer_at IS NOT NULL AND w.waiting_since IS NOT NULL THEN 1 ELSE 0 END,
        next_in_time = s.next_in_time + CASE WHEN s.first_answer_at IS NOT NULL
            AND w.waiting_since >= sqlc.arg('at')::timestamptz - s.next_target_s * interval '1 second' THEN 1 ELSE 0 END
    FROM k, dialog_head w
    WHERE s.company_id = @company_id AND s.id = @session_id AND w.company_id = @company_id AND w.dialog_id = @dialog_id
)
UPDATE dialog_head h
SET last_seq = @seq, last_at = @at, last_author = 'operator', preview = @preview, unread = 0, waiting_since = NULL, answered = true
FROM k
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING h.*;

-- A note: no activity of the session, and the list stays as it is. No row
-- comes back when the key is there already.
-- name: AppendNote :one
WITH k AS (
    INSERT INTO client_key (company_id, dialog_id, key, message_id, created_at)
    VALUES (@company_id, @dialog_id, @key, @message_id, @at)
    ON CONFLICT DO NOTHING
    RETURNING message_id
), m AS (
    INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, author_id, kind, public, key, reply_to, at)
    SELECT @company_id, message_id, @dialog_id, @session_id, @seq, 'operator', @author_id, 'note', false, @key, sqlc.narg('reply_to')::uuid, @at FROM k
), b AS (
    INSERT INTO message_body (company_id, id, text, data)
    SELECT @company_id, message_id, @text, @data FROM k
), d AS (
    UPDATE dialog SET last_seq = @seq FROM k WHERE company_id = @company_id AND id = @dialog_id
)
UPDATE dialog_head h SET last_seq = @seq
FROM k
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING h.*;

-- The greeting, which begins a dialog: its contact has it before their eyes. What
-- they write follows at once and makes the head's line, or comes later.
-- name: AppendGreeting :one
WITH m AS (
    INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, kind, public, at)
    VALUES (@company_id, @message_id, @dialog_id, @session_id, @seq, 'bot', 'text', true, @at)
), b AS (
    INSERT INTO message_body (company_id, id, text) VALUES (@company_id, @message_id, @text)
), d AS (
    UPDATE dialog o SET last_seq = @seq, last_public_seq = @seq, contact_read_seq = @seq
    WHERE o.company_id = @company_id AND o.id = @dialog_id
), s AS (
    UPDATE session s SET bot_messages = s.bot_messages + 1 WHERE s.company_id = @company_id AND s.id = @session_id
)
UPDATE dialog_head h SET last_seq = @seq, last_at = @at, last_author = 'bot', preview = @preview
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING h.*;

-- A line of the system, which has no key: only what holds the dialog's lock
-- writes one.
-- name: AppendLine :one
WITH m AS (
    INSERT INTO message (company_id, id, dialog_id, session_id, seq, author, kind, public, at)
    VALUES (@company_id, @message_id, @dialog_id, @session_id, @seq, 'system', 'system', @public, @at)
), b AS (
    INSERT INTO message_body (company_id, id, text, data) VALUES (@company_id, @message_id, @text, @data)
), d AS (
    UPDATE dialog SET last_seq = @seq, last_public_seq = CASE WHEN @public THEN @seq ELSE last_public_seq END
    WHERE company_id = @company_id AND id = @dialog_id
)
UPDATE dialog_head h SET last_seq = @seq
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING h.*;

-- name: MessageInDialog :one
SELECT public FROM message WHERE company_id = @company_id AND id = @id AND dialog_id = @dialog_id;

-- What visitors may read. since spares looking into months before the dialog.
-- name: PublicBefore :many
SELECT m.*, b.text, b.data
FROM message m JOIN message_body b ON b.company_id = m.company_id AND b.id = m.id
WHERE m.company_id = @company_id AND m.dialog_id = @dialog_id AND m.seq < @before_seq AND m.public
    AND m.id >= @since AND b.id >= @since
ORDER BY m.seq DESC LIMIT @max_rows;

-- name: PublicAfter :many
SELECT m.*, b.text, b.data
FROM message m JOIN message_body b ON b.company_id = m.company_id AND b.id = m.id
WHERE m.company_id = @company_id AND m.dialog_id = @dialog_id AND m.seq > @after_seq AND m.public
    AND m.id >= @since AND b.id >= @since
ORDER BY m.seq LIMIT @max_rows;

-- A file is sent once, by whoever uploaded it.
-- name: BindAttachments :many
UPDATE attachment SET dialog_id = @dialog_id::uuid, message_id = @message_id::uuid
WHERE company_id = @company_id AND id = ANY (@ids::uuid[]) AND message_id IS NULL AND size > 0
    AND (visitor_id = sqlc.narg('visitor_id')::uuid OR user_id = sqlc.narg('user_id')::bigint)
RETURNING *;

-- name: ReadByContact :execrows
UPDATE dialog SET contact_read_seq = least(@seq::bigint, last_public_seq)
WHERE company_id = @company_id AND id = @id AND contact_read_seq < least(@seq::bigint, last_public_seq);

-- name: ReadByOperator :one
UPDATE dialog SET operator_read_seq = least(@seq::bigint, last_seq)
WHERE company_id = @company_id AND id = @id AND operator_read_seq < least(@seq::bigint, last_seq)
RETURNING operator_read_seq;

-- name: CountUnread :one
WITH unread AS (
    SELECT count(*)::int AS n FROM message
    WHERE company_id = @company_id AND dialog_id = @dialog_id AND seq > @after_seq AND author = 'contact'
)
UPDATE dialog_head h SET unread = unread.n FROM unread
WHERE h.company_id = @company_id AND h.dialog_id = @dialog_id
RETURNING h.*;

-- name: MarkAnswered :one
UPDATE dialog_head SET waiting_since = NULL WHERE company_id = @company_id AND dialog_id = @dialog_id RETURNING *;

-- name: HeadByID :one
SELECT * FROM dialog_head WHERE company_id = @company_id AND dialog_id = @dialog_id;

-- name: BillableMessages :many
SELECT id FROM message
WHERE company_id = @company_id AND session_id = @session_id AND id > @after_id AND author IN ('contact', 'operator', 'bot') AND kind <> 'note'
ORDER BY id LIMIT @max_rows;

-- name: ForgetKeys :execrows
-- any company: keys are kept for 30 days in each
DELETE FROM client_key WHERE (company_id, dialog_id, key) IN (
    SELECT k.company_id, k.dialog_id, k.key FROM client_key k WHERE k.created_at < @before LIMIT 10000
);

-- name: RenameContact :many
UPDATE dialog_head SET contact_name = @name, tags = @tags
WHERE company_id = @company_id AND contact_id = @contact_id
RETURNING *;
