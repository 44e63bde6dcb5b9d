-- +goose Up

-- Letters to people. A letter is made in the transaction of the fact it speaks
-- of, at most one of a kind to an address for each, and sent by a job.
CREATE TABLE letter (
    id         uuid        NOT NULL PRIMARY KEY,
    user_id    bigint      REFERENCES users,   -- null: to an address that is no user's
    company_id bigint      REFERENCES company, -- whose brand it bears; null: the platform's
    kind       text        NOT NULL,
    fact       uuid        NOT NULL,
    recipient  text        NOT NULL,
    language   text        NOT NULL CHECK (language IN ('ru', 'en')),
    data       jsonb       NOT NULL,
    secret     bytea, -- values that may not be read here, sealed; gone once the letter is final
    files      jsonb       NOT NULL DEFAULT '[]', -- names and keys of attached files
    state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    reason     text        NOT NULL DEFAULT '', -- why it failed
    created_at timestamptz NOT NULL,
    sent_at    timestamptz,
    UNIQUE (fact, kind, recipient)
);
CREATE INDEX letter_age ON letter (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON letter TO parley_worker;

-- +goose Down
SELECT 1;
