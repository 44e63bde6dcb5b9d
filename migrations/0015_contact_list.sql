-- +goose Up

-- A named set of contacts with columns of variables.
CREATE TABLE contact_list (
    company_id bigint      NOT NULL REFERENCES company,
    id         uuid        NOT NULL,
    number     bigint      NOT NULL,
    name       text        NOT NULL CHECK (name <> ''),
    columns    text[]      NOT NULL DEFAULT '{}', -- names of variables, in the order they came
    contacts   int         NOT NULL DEFAULT 0 CHECK (contacts >= 0), -- entries
    last_n     int         NOT NULL DEFAULT 0, -- the largest n ever given
    created_by bigint,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz, -- nobody sees it any more; its entries go in the background
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, number)
);
CREATE UNIQUE INDEX contact_list_name ON contact_list (company_id, lower(name)) WHERE deleted_at IS NULL;
CREATE INDEX contact_list_deleted ON contact_list (deleted_at) WHERE deleted_at IS NOT NULL;
CALL secure_tenant('contact_list');

-- A contact in a list. Name, phone and email are the list's: where and how it
-- addresses the contact, who may have others. list_id has no foreign key: whoever
-- puts entries in holds the list's row, and a check of each would ask a million
-- times for the same.
CREATE TABLE contact_list_entry (
    company_id bigint NOT NULL,
    list_id    uuid   NOT NULL,
    n          int    NOT NULL, -- counted from 1, with gaps
    contact_id uuid   NOT NULL,
    name       text   NOT NULL, -- empty where the list has none
    phone      text   NOT NULL, -- E.164, or empty
    email      text   NOT NULL,
    variables  jsonb  NOT NULL, -- texts by their columns; without the empty ones
    PRIMARY KEY (company_id, list_id, n),
    UNIQUE (company_id, contact_id, list_id),
    FOREIGN KEY (company_id, contact_id) REFERENCES contact
);
CALL secure_tenant('contact_list_entry');

-- Addresses that must not be written to. There may be several reasons, and each
-- goes by itself.
CREATE TABLE exclusion (
    company_id bigint      NOT NULL REFERENCES company,
    channel    text        NOT NULL CHECK (channel IN ('sms', 'email')),
    address    text        NOT NULL CHECK (address <> ''), -- E.164, or an e-mail address in small letters
    reason     text        NOT NULL CHECK (reason IN ('unsubscribed', 'blacklisted', 'hard_bounce', 'no_such_number')),
    id         uuid        NOT NULL,
    created_by bigint,     -- null: not by hand
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, channel, address, reason),
    UNIQUE (company_id, id)
);
CALL secure_tenant('exclusion');

-- A file on its way into a list. Its rows are taken in chunks, each in one
-- transaction with done_rows: what was done is known exactly after a crash.
CREATE TABLE contact_import (
    company_id   bigint      NOT NULL REFERENCES company,
    id           uuid        NOT NULL, -- of the uploaded file, too
    file_name    text        NOT NULL,
    file_size    bigint      NOT NULL DEFAULT 0,
    format       text        NOT NULL DEFAULT '' CHECK (format IN ('', 'csv', 'xlsx')),
    state        text        NOT NULL CHECK (state IN ('uploading', 'uploaded', 'running', 'finished', 'failed', 'cancelled')),
    reason       text        NOT NULL DEFAULT '', -- why it failed
    reading      jsonb       NOT NULL DEFAULT '{}', -- how the file is read: encoding, delimiter, header, sheet
    mapping      jsonb       NOT NULL DEFAULT '[]', -- what each column is
    list_id      uuid,
    done_rows    int         NOT NULL DEFAULT 0, -- of the file's, without the header
    permille     smallint    NOT NULL DEFAULT 0 CHECK (permille BETWEEN 0 AND 1000), -- of the file that was read
    created      int         NOT NULL DEFAULT 0, -- new contacts
    added        int         NOT NULL DEFAULT 0, -- new entries of the list
    updated      int         NOT NULL DEFAULT 0, -- entries that were there before
    doubles      int         NOT NULL DEFAULT 0, -- rows joined with another row of the same chunk
    failed_rows  int         NOT NULL DEFAULT 0,
    leased_until timestamptz, -- by whoever works on it
    tries        smallint    NOT NULL DEFAULT 0, -- since the last chunk that was done
    file_kept    boolean     NOT NULL DEFAULT true,
    created_by   bigint,
    created_at   timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, list_id) REFERENCES contact_list
);
CREATE INDEX contact_import_running ON contact_import (leased_until) WHERE state = 'running';
CREATE INDEX contact_import_files ON contact_import (created_at) WHERE file_kept;
CREATE INDEX contact_import_list ON contact_import (company_id, list_id);
CALL secure_tenant('contact_import');

-- Rows of a file that were not taken, with what is wrong with them; only the
-- first of very many.
CREATE TABLE contact_import_error (
    company_id bigint NOT NULL,
    import_id  uuid   NOT NULL,
    row_n      int    NOT NULL, -- counted from 1, without the header
    line       int    NOT NULL, -- of the file, counted from 1
    problem    text   NOT NULL, -- a code
    cells      text[] NOT NULL, -- as they were read, cut
    PRIMARY KEY (company_id, import_id, row_n),
    FOREIGN KEY (company_id, import_id) REFERENCES contact_import
);
CALL secure_tenant('contact_import_error');

-- +goose Down
SELECT 1;
