-- +goose Up

-- Letters to our own users. A letter is made in the transaction of the fact it
-- speaks of, at most once per fact, and sent by a job.
CREATE TABLE letter (
    id         uuid        NOT NULL PRIMARY KEY,
    user_id    bigint      NOT NULL REFERENCES users,
    kind       text        NOT NULL,
    fact       uuid        NOT NULL, -- the event
    recipient  text        NOT NULL,
    language   text        NOT NULL CHECK (language IN ('ru', 'en')),
    data       jsonb       NOT NULL,
    state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    reason     text        NOT NULL DEFAULT '', -- why it failed
    created_at timestamptz NOT NULL,
    sent_at    timestamptz,
    UNIQUE (fact, user_id, kind)
);
CREATE INDEX letter_age ON letter (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON letter TO parley_worker;

-- +goose Down
SELECT 1;
