-- +goose Up

-- A text as its words, in small letters, with a space between. The parser of
-- full-text search would do it by the C locale only, and keeps numbers with
-- their signs and addresses as one.
CREATE FUNCTION plain_words(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN trim(translate(regexp_replace(lower(t), '[^[:alnum:]]+', ' ', 'g'), 'ё', 'е'));

-- What a search of messages looks through. The company is a lexeme of its own
-- that no text can have, so that the index brings one company's matches and
-- not everybody's.
CREATE FUNCTION words_of_message(company_id bigint, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY['#' || company_id::text]) || to_tsvector('simple', plain_words(body));

-- The same for people.
CREATE FUNCTION words_of_contact(company_id bigint, name text, phone text, email text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN words_of_message(company_id, name || ' ' || phone || ' ' || email);

-- What a search asks for: texts of the company in which a word begins with
-- each of the typed ones, or is it when it has one letter only. Without a word
-- it finds nothing.
CREATE FUNCTION words_asked(company_id bigint, typed text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN plain_words(typed) = '' THEN ''::tsquery
        ELSE ('''#' || company_id::text || '''')::tsquery && to_tsquery('simple',
            regexp_replace(replace(plain_words(typed), ' ', ':* & ') || ':*', '(^| )(.):\*', '\1\2', 'g')) END;

CREATE TABLE contact (
    company_id bigint      NOT NULL REFERENCES company,
    id         uuid        NOT NULL,
    number     bigint      NOT NULL,
    name       text        NOT NULL DEFAULT '',
    phone      text        NOT NULL DEFAULT '',
    email      text        NOT NULL DEFAULT '',
    tags       text[]      NOT NULL DEFAULT '{}',
    note       text        NOT NULL DEFAULT '',
    language   text        NOT NULL DEFAULT '',
    time_zone  text        NOT NULL DEFAULT '',
    version    int         NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, number)
);
CREATE INDEX contact_words ON contact USING gin (words_of_contact(company_id, name, phone, email));
CALL secure_tenant('contact');

-- The tags of contact.tags by tag.
CREATE TABLE contact_tag (
    company_id bigint NOT NULL,
    tag        text   NOT NULL,
    contact_id uuid   NOT NULL,
    PRIMARY KEY (company_id, tag, contact_id),
    FOREIGN KEY (company_id, contact_id) REFERENCES contact
);
CREATE INDEX contact_tag_contact ON contact_tag (company_id, contact_id);
CALL secure_tenant('contact_tag');

-- How a contact is reached: a web visitor's id, later a number or an account
-- of a network. Merging contacts moves addresses, never messages.
CREATE TABLE contact_address (
    company_id bigint      NOT NULL,
    id         uuid        NOT NULL,
    contact_id uuid        NOT NULL,
    channel    text        NOT NULL,
    address    text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, channel, address),
    FOREIGN KEY (company_id, contact_id) REFERENCES contact
);
CREATE INDEX contact_address_contact ON contact_address (company_id, contact_id);
CALL secure_tenant('contact_address');

-- A configured entry to a channel. A web connection is a public key that the
-- widget's line carries; it is unique over companies because a visitor brings
-- nothing else.
CREATE TABLE connection (
    company_id    bigint      NOT NULL REFERENCES company,
    id            uuid        NOT NULL,
    channel       text        NOT NULL CHECK (channel IN ('web')),
    name          text        NOT NULL,
    state         text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    allowed_sites text[]      NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CALL secure_tenant('connection');

-- Where a public key leads; global, because it is looked up before a company
-- is known.
CREATE TABLE web_key (
    public_key    text   NOT NULL PRIMARY KEY CHECK (public_key ~ '^[A-Za-z0-9_-]{16,64}$'),
    company_id    bigint NOT NULL,
    connection_id uuid   NOT NULL,
    UNIQUE (company_id, connection_id),
    FOREIGN KEY (company_id, connection_id) REFERENCES connection
);
CALL secure_global('web_key');

CREATE TABLE chat (
    company_id           bigint      NOT NULL REFERENCES company,
    id                   uuid        NOT NULL,
    number               bigint      NOT NULL,
    name                 text        NOT NULL CHECK (name <> ''),
    state                text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'archived')),
    sharing              text        NOT NULL DEFAULT 'least_loaded' CHECK (sharing IN ('least_loaded', 'round_robin', 'manual')),
    sticky               boolean     NOT NULL DEFAULT false,
    lifetime_hours       int         NOT NULL DEFAULT 24 CHECK (lifetime_hours BETWEEN 1 AND 720),
    operator_idle_minutes int        NOT NULL DEFAULT 5 CHECK (operator_idle_minutes BETWEEN 1 AND 1440),
    first_target_s       int         NOT NULL DEFAULT 60 CHECK (first_target_s BETWEEN 1 AND 86400),
    next_target_s        int         NOT NULL DEFAULT 180 CHECK (next_target_s BETWEEN 1 AND 86400),
    busy_text            jsonb       NOT NULL DEFAULT '{}', -- {"ru": …, "en": …}
    closing_results      jsonb       NOT NULL DEFAULT '[]', -- [{"code": …, "label": …}]
    result_required      boolean     NOT NULL DEFAULT false,
    operator_name_shown  boolean     NOT NULL DEFAULT true,
    languages            text[]      NOT NULL DEFAULT '{ru,en}',
    look                 jsonb       NOT NULL DEFAULT '{}',
    version              int         NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, number)
);
CREATE UNIQUE INDEX chat_name ON chat (company_id, lower(name)) WHERE state = 'active';
CALL secure_tenant('chat');

CREATE TABLE chat_connection (
    company_id    bigint NOT NULL,
    connection_id uuid   NOT NULL,
    chat_id       uuid   NOT NULL,
    PRIMARY KEY (company_id, connection_id),
    FOREIGN KEY (company_id, connection_id) REFERENCES connection,
    FOREIGN KEY (company_id, chat_id) REFERENCES chat
);
CREATE INDEX chat_connection_chat ON chat_connection (company_id, chat_id);
CALL secure_tenant('chat_connection');

CREATE TABLE operator_group (
    company_id     bigint      NOT NULL REFERENCES company,
    id             uuid        NOT NULL,
    name           text        NOT NULL CHECK (name <> ''),
    sharing        text        CHECK (sharing IN ('least_loaded', 'round_robin', 'manual')), -- null: as the chat says
    first_target_s int         CHECK (first_target_s BETWEEN 1 AND 86400),
    next_target_s  int         CHECK (next_target_s BETWEEN 1 AND 86400),
    archived_at    timestamptz,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX operator_group_name ON operator_group (company_id, lower(name)) WHERE archived_at IS NULL;
CALL secure_tenant('operator_group');

CREATE TABLE group_member (
    company_id bigint NOT NULL,
    group_id   uuid   NOT NULL,
    user_id    bigint NOT NULL,
    PRIMARY KEY (company_id, group_id, user_id),
    FOREIGN KEY (company_id, group_id) REFERENCES operator_group,
    FOREIGN KEY (company_id, user_id) REFERENCES membership
);
CREATE INDEX group_member_user ON group_member (company_id, user_id);
CALL secure_tenant('group_member');

CREATE TABLE chat_group (
    company_id bigint NOT NULL,
    chat_id    uuid   NOT NULL,
    group_id   uuid   NOT NULL,
    position   int    NOT NULL,
    PRIMARY KEY (company_id, chat_id, group_id),
    FOREIGN KEY (company_id, chat_id) REFERENCES chat,
    FOREIGN KEY (company_id, group_id) REFERENCES operator_group
);
CREATE INDEX chat_group_group ON chat_group (company_id, group_id);
CALL secure_tenant('chat_group');

CREATE TABLE quick_reply (
    company_id bigint      NOT NULL REFERENCES company,
    id         uuid        NOT NULL,
    user_id    bigint, -- null: common to the company
    folder     text        NOT NULL DEFAULT '',
    title      text        NOT NULL CHECK (title <> ''),
    text       text        NOT NULL CHECK (text <> ''),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX quick_reply_user ON quick_reply (company_id, user_id);
CALL secure_tenant('quick_reply');

-- An operator at work. open counts the open sessions assigned to them and is
-- changed in the transactions that assign, close and return sessions.
CREATE TABLE operator (
    company_id       bigint      NOT NULL,
    user_id          bigint      NOT NULL,
    state            text        NOT NULL DEFAULT 'offline' CHECK (state IN ('online', 'pause', 'offline')),
    since            timestamptz NOT NULL,
    seen_at          timestamptz, -- a tab was connected then
    open             int         NOT NULL DEFAULT 0 CHECK (open >= 0),
    last_assigned_at timestamptz,
    PRIMARY KEY (company_id, user_id),
    FOREIGN KEY (company_id, user_id) REFERENCES membership
) WITH (fillfactor = 50);
-- seen_at stays out of it, so that heartbeats write no index.
CREATE INDEX operator_present ON operator (company_id, user_id) WHERE state <> 'offline';
CALL secure_tenant('operator');

-- The correspondence of one address in one chat. Its row is the lock that
-- gives messages their order.
CREATE TABLE dialog (
    company_id        bigint      NOT NULL,
    id                uuid        NOT NULL,
    number            bigint      NOT NULL,
    chat_id           uuid        NOT NULL,
    address_id        uuid        NOT NULL,
    channel           text        NOT NULL, -- of the address,
    address           text        NOT NULL, -- which never changes
    connection_id     uuid        NOT NULL,
    session_id        uuid, -- the open session
    last_seq          bigint      NOT NULL DEFAULT 0,
    last_public_seq   bigint      NOT NULL DEFAULT 0, -- of what the contact may see
    contact_read_seq  bigint      NOT NULL DEFAULT 0,
    operator_read_seq bigint      NOT NULL DEFAULT 0,
    language          text        NOT NULL DEFAULT '', -- of the contact's latest message
    page_url          text        NOT NULL DEFAULT '',
    page_title        text        NOT NULL DEFAULT '',
    spam_at           timestamptz,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, number),
    UNIQUE (company_id, chat_id, address_id),
    UNIQUE (company_id, channel, address, chat_id),
    FOREIGN KEY (company_id, chat_id) REFERENCES chat,
    FOREIGN KEY (company_id, address_id) REFERENCES contact_address
) WITH (fillfactor = 70);
CREATE INDEX dialog_address ON dialog (company_id, address_id);
CALL secure_tenant('dialog');

-- One stretch of a dialog, from its first stored message until it is closed.
CREATE TABLE session (
    company_id        bigint      NOT NULL,
    id                uuid        NOT NULL,
    number            bigint      NOT NULL,
    dialog_id         uuid        NOT NULL,
    chat_id           uuid        NOT NULL,
    state             text        NOT NULL CHECK (state IN ('queued', 'open', 'closed')),
    operator_id       bigint, -- the assignee, set while open; a closed session keeps its last
    passed_by         bigint, -- who let it wait or gave it away and is not handed it again
    group_id          uuid,
    started_at        timestamptz NOT NULL,
    queued_at         timestamptz, -- since when it waits for an operator
    busy_told_at      timestamptz,
    assigned_at       timestamptz,
    first_contact_at  timestamptz,
    first_answer_at   timestamptz, -- by an operator
    last_contact_at   timestamptz,
    last_operator_at  timestamptz,
    last_message_at   timestamptz NOT NULL,
    contact_messages  int         NOT NULL DEFAULT 0,
    operator_messages int         NOT NULL DEFAULT 0,
    bot_messages      int         NOT NULL DEFAULT 0,
    next_answers      int         NOT NULL DEFAULT 0, -- answers after the first
    next_in_time      int         NOT NULL DEFAULT 0, -- those of them within the target
    first_target_s    int         NOT NULL,
    next_target_s     int         NOT NULL,
    closed_at         timestamptz,
    closed_by         bigint, -- null with closed_at: by its lifetime
    result            text        NOT NULL DEFAULT '',
    spam              boolean     NOT NULL DEFAULT false,
    refund_after      uuid, -- set while charges are given back: all messages up to this one were
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, number),
    FOREIGN KEY (company_id, dialog_id) REFERENCES dialog
) WITH (fillfactor = 70);
CREATE INDEX session_dialog ON session (company_id, dialog_id, id);
CREATE UNIQUE INDEX session_open ON session (company_id, dialog_id) WHERE state <> 'closed';
CREATE INDEX session_queue ON session (company_id, queued_at, id) WHERE state = 'queued';
CREATE INDEX session_untold ON session (company_id, id) WHERE state = 'queued' AND busy_told_at IS NULL;
CREATE INDEX session_operator ON session (company_id, operator_id) WHERE state = 'open';
CREATE INDEX session_closed ON session (company_id, operator_id, closed_at) WHERE state = 'closed';
CREATE INDEX session_refund ON session (company_id, id) WHERE refund_after IS NOT NULL;
CREATE INDEX session_idle ON session (last_message_at) WHERE state <> 'closed';
CALL secure_tenant('session');

-- What a line of the operator panel's list shows and is sorted by.
CREATE TABLE dialog_head (
    company_id     bigint      NOT NULL,
    dialog_id      uuid        NOT NULL,
    number         bigint      NOT NULL,
    chat_id        uuid        NOT NULL,
    channel        text        NOT NULL,
    contact_id     uuid        NOT NULL,
    contact_name   text        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('bot', 'queued', 'open', 'closed')),
    operator_id    bigint, -- who has it; of a closed one, who had it last
    group_id       uuid,
    session_id     uuid        NOT NULL,
    session_number bigint      NOT NULL,
    last_seq       bigint      NOT NULL,
    last_at        timestamptz NOT NULL,
    last_author    text        NOT NULL,
    preview        text        NOT NULL,
    unread         int         NOT NULL DEFAULT 0,
    waiting_since  timestamptz, -- first contact message nobody has answered; null: answered
    answered       boolean     NOT NULL DEFAULT false, -- whether an operator has answered in the session
    tags           text[]      NOT NULL DEFAULT '{}',
    result         text        NOT NULL DEFAULT '',
    PRIMARY KEY (company_id, dialog_id),
    FOREIGN KEY (company_id, dialog_id) REFERENCES dialog
) WITH (fillfactor = 70);
-- One range of one index for each view and each filter that people use; each
-- makes a new message some 15 µs dearer, so there is none for the rest.
CREATE INDEX dialog_head_operator ON dialog_head (company_id, operator_id, state, last_at DESC, dialog_id DESC);
CREATE INDEX dialog_head_unassigned ON dialog_head (company_id, last_at DESC, dialog_id DESC) WHERE state IN ('queued', 'bot');
CREATE INDEX dialog_head_chat ON dialog_head (company_id, chat_id, last_at DESC, dialog_id DESC);
CREATE INDEX dialog_head_group ON dialog_head (company_id, group_id, last_at DESC, dialog_id DESC);
CREATE INDEX dialog_head_last ON dialog_head (company_id, last_at DESC, dialog_id DESC);
CREATE INDEX dialog_head_closed ON dialog_head (company_id, last_at DESC, dialog_id DESC) WHERE state = 'closed';
CREATE INDEX dialog_head_waiting ON dialog_head (company_id, waiting_since, dialog_id) WHERE waiting_since IS NOT NULL;
CREATE INDEX dialog_head_unanswered ON dialog_head (company_id, last_at DESC, dialog_id DESC) WHERE waiting_since IS NOT NULL;
CREATE INDEX dialog_head_idle ON dialog_head (waiting_since) WHERE state = 'open' AND waiting_since IS NOT NULL;
CREATE INDEX dialog_head_contact ON dialog_head (company_id, contact_id);
CALL secure_tenant('dialog_head');

-- Facts of an utterance; its content is in message_body.
CREATE TABLE message (
    company_id bigint      NOT NULL,
    id         uuid        NOT NULL,
    dialog_id  uuid        NOT NULL,
    session_id uuid        NOT NULL,
    seq        bigint      NOT NULL, -- 1, 2, 3 … in its dialog
    author     text        NOT NULL CHECK (author IN ('contact', 'operator', 'bot', 'system')),
    author_id  bigint, -- the user, when an operator
    kind       text        NOT NULL CHECK (kind IN ('text', 'file', 'note', 'system')),
    public     boolean     NOT NULL, -- the contact may see it
    key        uuid, -- the sender's own, see client_key
    reply_to   uuid,
    at         timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX message_dialog ON message (company_id, dialog_id, seq DESC);
CREATE INDEX message_session ON message (company_id, session_id);
CALL secure_tenant('message');

CREATE TABLE message_body (
    company_id bigint      NOT NULL,
    id         uuid        NOT NULL,
    text       text        NOT NULL,
    data       jsonb, -- attachments and the arguments of a system line
    erase_at   timestamptz, -- null: as long as the message is kept
    PRIMARY KEY (company_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX message_body_words ON message_body USING gin (words_of_message(company_id, text)) WHERE text <> '';
CALL secure_tenant('message_body');

-- The keys that clients made for what they sent: a retry finds its message.
CREATE TABLE client_key (
    company_id bigint      NOT NULL,
    dialog_id  uuid        NOT NULL,
    key        uuid        NOT NULL,
    message_id uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, dialog_id, key)
);
CREATE INDEX client_key_age ON client_key (created_at);
CALL secure_tenant('client_key');

CREATE TABLE attachment (
    company_id bigint      NOT NULL REFERENCES company,
    id         uuid        NOT NULL,
    name       text        NOT NULL,
    media_type text        NOT NULL,
    size       bigint      NOT NULL,
    sha256     bytea       NOT NULL,
    width      int,
    height     int,
    visitor_id uuid, -- who uploaded: a visitor …
    user_id    bigint, -- … or an operator
    dialog_id  uuid, -- set when it was sent
    message_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX attachment_orphan ON attachment (created_at) WHERE message_id IS NULL;
CREATE INDEX attachment_visitor ON attachment (company_id, visitor_id, created_at) WHERE visitor_id IS NOT NULL;
CALL secure_tenant('attachment');

-- Why a session went to whom: the candidates and what was known of them.
CREATE TABLE assignment (
    company_id  bigint      NOT NULL,
    id          uuid        NOT NULL,
    session_id  uuid        NOT NULL,
    at          timestamptz NOT NULL,
    operator_id bigint, -- null: to the queue
    group_id    uuid,
    how         text        NOT NULL CHECK (how IN ('rule', 'sticky', 'taken', 'handed', 'returned')),
    by_user_id  bigint,
    comment     text        NOT NULL DEFAULT '',
    reason      jsonb       NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX assignment_session ON assignment (company_id, session_id, id);
CALL secure_tenant('assignment', append_only => true);

-- +goose StatementBegin
DO $$
BEGIN
    CALL ensure_partitions('message', (now() - interval '3 months')::date, 7);
    CALL ensure_partitions('message_body', (now() - interval '3 months')::date, 7);
END
$$;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
