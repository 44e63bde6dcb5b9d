-- +goose Up

-- language is that of the company's papers and of its pages for strangers;
-- referred_by is whose link the company came by.
ALTER TABLE company
    ADD COLUMN language    text NOT NULL DEFAULT 'ru' CHECK (language IN ('ru', 'en')),
    ADD COLUMN referred_by bigint REFERENCES users;

-- What a company says of itself for its papers. The details are read, frozen
-- into invoices and written as one value, so they are one value here.
CREATE TABLE company_details (
    company_id bigint NOT NULL REFERENCES company PRIMARY KEY,
    email      text   NOT NULL,
    phone      text   NOT NULL,
    requisites jsonb  NOT NULL
);
CALL secure_tenant('company_details');

-- Addresses under which a company's own customers reach the installation: the
-- pages there bear its name, and who registers there becomes its dependent.
CREATE TABLE company_domain (
    company_id bigint NOT NULL REFERENCES company,
    host       text   NOT NULL CHECK (host = lower(host) AND host <> ''),
    PRIMARY KEY (company_id, host)
);
CREATE UNIQUE INDEX company_domain_host ON company_domain (host);
CALL secure_tenant('company_domain');

-- ref_token stands in the link by which a user brings others; 80 random bits.
-- phone_confirmed: a code that reached the telephone was typed.
ALTER TABLE users
    ADD COLUMN phone_confirmed boolean NOT NULL DEFAULT false,
    ADD COLUMN ref_token       text    NOT NULL DEFAULT left(md5(gen_random_uuid()::text || gen_random_uuid()::text), 20);
CREATE UNIQUE INDEX users_ref_token ON users (ref_token);

-- Texts that people agree to. A version is never changed; both languages of it
-- say the same.
CREATE TABLE legal_text (
    kind         text        NOT NULL CHECK (kind IN ('terms', 'privacy')),
    version      int         NOT NULL CHECK (version > 0),
    language     text        NOT NULL CHECK (language IN ('ru', 'en')),
    title        text        NOT NULL CHECK (title <> ''),
    body         text        NOT NULL CHECK (body <> ''), -- paragraphs, an empty line between them
    published_at timestamptz NOT NULL,
    published_by bigint      REFERENCES users, -- null: came with the program
    PRIMARY KEY (kind, version, language)
);
GRANT SELECT, INSERT ON legal_text TO parley_worker;

-- Who agreed to what, when and from where.
CREATE TABLE consent (
    user_id  bigint      NOT NULL REFERENCES users,
    kind     text        NOT NULL,
    version  int         NOT NULL,
    given_at timestamptz NOT NULL,
    ip       text        NOT NULL,
    PRIMARY KEY (user_id, kind, version)
);
GRANT SELECT, INSERT, DELETE ON consent TO parley_worker;

-- A code of six digits on its way to a telephone, or to an address while there
-- is no route for SMS. Tries are counted under the row's lock before the code
-- is looked at.
CREATE TABLE confirmation (
    id           uuid        NOT NULL PRIMARY KEY,
    purpose      text        NOT NULL CHECK (purpose IN ('sign_up', 'recovery')),
    phone        text        NOT NULL,
    email        text        NOT NULL DEFAULT '', -- where it went instead; '': to the telephone
    user_id      bigint      REFERENCES users,    -- whose recovery it is; null: nobody's
    language     text        NOT NULL,
    ip           text        NOT NULL,
    code_hash    bytea,                           -- keyed; null: none was made, none is right
    tries        int         NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    confirmed_at timestamptz, -- the right code came
    used_at      timestamptz, -- what it was for is done
    used_for     bytea        -- hash of what that was
);
CREATE INDEX confirmation_age ON confirmation (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON confirmation TO parley_worker;

-- A link that works once. The letter holds the token, this row its hash.
CREATE TABLE link (
    token_hash bytea       NOT NULL PRIMARY KEY,
    purpose    text        NOT NULL CHECK (purpose IN ('email', 'recovery', 'setup')),
    user_id    bigint      REFERENCES users, -- null: of the installation
    email      text        NOT NULL DEFAULT '', -- the address it went to
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX link_user ON link (user_id, purpose);
CREATE INDEX link_expiry ON link (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON link TO parley_worker;

-- When codes and letters were asked for, per subject: a number, an address of
-- origin, an email. Counted under the row's lock.
CREATE TABLE sending (
    subject   text          NOT NULL PRIMARY KEY,
    asked_at  timestamptz[] NOT NULL, -- within the longest span of the subject
    forget_at timestamptz   NOT NULL
);
CREATE INDEX sending_age ON sending (forget_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sending TO parley_worker;

-- +goose Down
SELECT 1;
