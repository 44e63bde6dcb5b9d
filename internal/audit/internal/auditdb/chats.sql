-- What chats keep beside their messages, recounted from these. As in checks.sql
-- each statement returns
--   company_id, subject, expected, found
-- and reads its tables once, whatever the number of companies; sums that do not
-- fit into memory spill to the disk.

-- Messages of a dialog are numbered without a gap, and those of its contact that
-- operators have not read are its unread ones.
-- name: dialogs count
WITH said AS (
    SELECT m.company_id, m.dialog_id, count(*) AS messages, max(m.seq) AS last, max(m.seq) FILTER (WHERE m.public) AS last_public,
        count(*) FILTER (WHERE m.author = 'contact' AND m.seq > d.operator_read_seq) AS unread
    FROM message m
    JOIN dialog d ON d.company_id = m.company_id AND d.id = m.dialog_id
    GROUP BY m.company_id, m.dialog_id
)
SELECT d.company_id, format('%s of dialog %s', x.subject, d.number), x.expected, x.found
FROM dialog d
LEFT JOIN dialog_head h ON h.company_id = d.company_id AND h.dialog_id = d.id
LEFT JOIN said s ON s.company_id = d.company_id AND s.dialog_id = d.id,
LATERAL (VALUES
    ('last message', coalesce(s.last, 0), d.last_seq),
    ('last public message', coalesce(s.last_public, 0), d.last_public_seq),
    ('number of messages', coalesce(s.messages, 0), d.last_seq),
    ('unread messages', coalesce(s.unread, 0), coalesce(h.unread, 0)::bigint)
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- What was said in a session, by its authors. Notes are for operators only.
-- name: sessions count
WITH said AS (
    SELECT company_id, session_id, count(*) FILTER (WHERE author = 'contact') AS contact,
        count(*) FILTER (WHERE author = 'operator' AND kind <> 'note') AS operator, count(*) FILTER (WHERE author = 'bot') AS bot
    FROM message
    GROUP BY company_id, session_id
)
SELECT s.company_id, format('%s messages of session %s', x.author, s.number), x.expected, x.found
FROM session s
LEFT JOIN said m ON m.company_id = s.company_id AND m.session_id = s.id,
LATERAL (VALUES
    ('contact', coalesce(m.contact, 0), s.contact_messages::bigint),
    ('operator', coalesce(m.operator, 0), s.operator_messages::bigint),
    ('bot', coalesce(m.bot, 0), s.bot_messages::bigint)
) AS x (author, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- Operators have taken a place for each open session that is theirs.
-- name: places count
WITH has AS (
    SELECT company_id, operator_id AS user_id, count(*) AS open FROM session WHERE state = 'open' GROUP BY company_id, operator_id
)
SELECT company_id, format('open sessions of operator %s', user_id), coalesce(has.open, 0), coalesce(o.open, 0)::bigint
FROM operator o
FULL JOIN has USING (company_id, user_id)
WHERE coalesce(has.open, 0) <> coalesce(o.open, 0)
ORDER BY 1, 2;

-- A line of the panel's list says what its dialog, its latest session, the last
-- words that anybody said and the owner of its address do. A dialog has one
-- session that is not closed, or none.
-- name: heads count
WITH spoken AS (
    SELECT company_id, dialog_id, max(seq) AS seq FROM message WHERE author <> 'system' AND kind <> 'note' GROUP BY company_id, dialog_id
), word AS (
    SELECT m.company_id, m.dialog_id, m.author, m.at
    FROM spoken
    JOIN message m USING (company_id, dialog_id, seq)
), latest AS (
    SELECT m.company_id, m.dialog_id, m.session_id
    FROM message m
    JOIN dialog d ON d.company_id = m.company_id AND d.id = m.dialog_id AND d.last_seq = m.seq
)
SELECT d.company_id, format('%s of dialog %s is %s, not %s', x.subject, d.number, coalesce(x.found, 'nothing'), coalesce(x.expected, 'nothing')), 1::bigint, 0::bigint
FROM dialog d
LEFT JOIN dialog_head h ON h.company_id = d.company_id AND h.dialog_id = d.id
LEFT JOIN contact_address a ON a.company_id = d.company_id AND a.id = d.address_id
LEFT JOIN latest l ON l.company_id = d.company_id AND l.dialog_id = d.id
LEFT JOIN session s ON s.company_id = d.company_id AND s.id = l.session_id
LEFT JOIN session o ON o.company_id = d.company_id AND o.dialog_id = d.id AND o.state <> 'closed'
LEFT JOIN word w ON w.company_id = d.company_id AND w.dialog_id = d.id,
LATERAL (VALUES
    ('open session', o.id::text, d.session_id::text),
    ('number in the list', d.number::text, h.number::text),
    ('chat in the list', d.chat_id::text, h.chat_id::text),
    ('contact in the list', a.contact_id::text, h.contact_id::text),
    ('session in the list', l.session_id::text, h.session_id::text),
    ('number of the session in the list', s.number::text, h.session_number::text),
    ('state in the list', s.state, h.state),
    ('operator in the list', s.operator_id::text, h.operator_id::text),
    ('group in the list', s.group_id::text, h.group_id::text),
    ('result in the list', s.result, h.result),
    ('mark of an answer in the list', (s.operator_messages > 0)::text, h.answered::text),
    ('last message in the list', d.last_seq::text, h.last_seq::text),
    ('last author in the list', w.author, h.last_author),
    ('last time in the list', w.at::text, h.last_at::text)
) AS x (subject, expected, found)
WHERE x.expected IS DISTINCT FROM x.found
ORDER BY 1, 2;

-- Who waits does so since their first message after the last one by an operator,
-- and after the last time that a person said that no answer is needed or closed
-- the session. What a person marks as spam is closed with it, unless it was
-- before.
-- name: waiting count
WITH answered AS (
    SELECT company_id, dialog_id, coalesce(max(seq) FILTER (WHERE author = 'operator' AND kind <> 'note'), 0) AS seq
    FROM message
    GROUP BY company_id, dialog_id
    HAVING max(seq) FILTER (WHERE author = 'contact') > coalesce(max(seq) FILTER (WHERE author = 'operator' AND kind <> 'note'), 0)
), settled AS (
    SELECT a.company_id, a.dialog_id, max(m.seq) AS seq
    FROM answered a
    JOIN message m ON m.company_id = a.company_id AND m.dialog_id = a.dialog_id AND m.seq > a.seq AND m.author = 'system'
    JOIN message_body b ON b.company_id = m.company_id AND b.id = m.id
    JOIN session s ON s.company_id = m.company_id AND s.id = m.session_id
    WHERE b.data -> 'system' -> 'args' ? 'user_id'
        AND (b.data -> 'system' ->> 'code' IN ('closed', 'no_answer_needed') OR b.data -> 'system' ->> 'code' = 'spam' AND s.closed_by IS NOT NULL AND m.at = s.closed_at)
    GROUP BY a.company_id, a.dialog_id
), since AS (
    SELECT DISTINCT ON (m.company_id, m.dialog_id) m.company_id, m.dialog_id, m.at
    FROM answered a
    LEFT JOIN settled USING (company_id, dialog_id)
    JOIN message m ON m.company_id = a.company_id AND m.dialog_id = a.dialog_id AND m.seq > coalesce(settled.seq, a.seq)
    WHERE m.author = 'contact'
    ORDER BY m.company_id, m.dialog_id, m.seq
)
SELECT company_id, format('dialog %s waits since %s, by its messages since %s', h.number, coalesce(h.waiting_since::text, 'never'), coalesce(s.at::text, 'never')),
    (s.at IS NOT NULL)::int::bigint, (h.waiting_since IS NOT NULL)::int::bigint
FROM dialog_head h
FULL JOIN since s USING (company_id, dialog_id)
WHERE h.waiting_since IS DISTINCT FROM s.at
ORDER BY 1, 2;
