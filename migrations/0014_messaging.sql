-- +goose Up

-- Ways to text networks. The platform's serve every company by route; a
-- company's own serve it alone.
CREATE TABLE gateway (
    company_id bigint      NOT NULL REFERENCES company, -- owner
    id         uuid        NOT NULL,
    channel    text        NOT NULL CHECK (channel IN ('sms', 'email')),
    name       text        NOT NULL CHECK (name <> ''),
    sealed     bytea       NOT NULL, -- address of the network with our password there
    address    text        NOT NULL, -- the same without secrets, to be shown
    sender     text        NOT NULL DEFAULT '', -- what messages come from when they name nothing
    speed      int         NOT NULL DEFAULT 0 CHECK (speed >= 0), -- parts a second; 0: no limit of ours
    state      text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    up         boolean     NOT NULL DEFAULT false, -- as its node saw it last
    error      text        NOT NULL DEFAULT '', -- the last one; it stays when all is well again
    error_at   timestamptz,
    seen_at    timestamptz,
    version    int         NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
);
CALL secure_tenant('gateway');

-- Which gateway of the owner takes what: the most specific line holds. An
-- empty country or network is any.
CREATE TABLE gateway_route (
    company_id bigint NOT NULL,
    channel    text   NOT NULL,
    country    text   NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    network    text   NOT NULL DEFAULT '' CHECK (network ~ '^([0-9]{5,6})?$' AND (network = '' OR country <> '')),
    gateway_id uuid   NOT NULL,
    PRIMARY KEY (company_id, channel, country, network),
    FOREIGN KEY (company_id, gateway_id) REFERENCES gateway
);
CALL secure_tenant('gateway_route');

-- One try to reach a recipient on a network. Facts of it; what was written
-- lies in attempt_text, or follows from the campaign and its recipient.
CREATE TABLE attempt (
    company_id      bigint      NOT NULL,
    id              uuid        NOT NULL,
    channel         text        NOT NULL,
    gateway_company bigint      NOT NULL,
    gateway_id      uuid        NOT NULL,
    sender          text        NOT NULL,
    recipient       text        NOT NULL, -- E.164, or an e-mail address
    campaign_id     uuid,
    recipient_n     int,        -- within the campaign
    step            smallint    NOT NULL DEFAULT 0,
    country         text        NOT NULL DEFAULT '',
    network         text        NOT NULL DEFAULT '',
    item            text        NOT NULL, -- what is charged for each part
    parts           smallint    NOT NULL DEFAULT 1 CHECK (parts BETWEEN 1 AND 255),
    state           text        NOT NULL CHECK (state IN ('scheduled', 'queued', 'sent', 'delivered', 'read', 'clicked',
                        'undelivered', 'expired', 'rejected', 'cancelled', 'in_doubt')),
    reason          text        NOT NULL DEFAULT '',
    detail          text        NOT NULL DEFAULT '', -- what the network said
    tries           smallint    NOT NULL DEFAULT 0,
    resend          boolean     NOT NULL DEFAULT false, -- in doubt: send again
    external_id     text        NOT NULL DEFAULT '',
    created_by      bigint,
    created_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    done_at         timestamptz, -- delivered, or failed for good
    read_at         timestamptz,
    clicked_at      timestamptz,
    PRIMARY KEY (company_id, id)
) PARTITION BY RANGE (id);
-- The company comes second, so that the planner, which knows nothing of a new
-- month's partition, never takes this for a way to an attempt by its id.
CREATE INDEX attempt_recipient ON attempt (recipient, company_id);
CREATE INDEX attempt_campaign ON attempt (company_id, campaign_id, recipient_n) WHERE campaign_id IS NOT NULL;
CREATE INDEX attempt_external ON attempt (company_id, external_id) WHERE external_id <> '';
CALL secure_tenant('attempt');

CREATE TABLE attempt_text (
    company_id bigint NOT NULL,
    id         uuid   NOT NULL, -- of the attempt
    subject    text   NOT NULL DEFAULT '',
    body       text   NOT NULL,
    html       text   NOT NULL DEFAULT '',
    PRIMARY KEY (company_id, id)
) PARTITION BY RANGE (id);
CALL secure_tenant('attempt_text');

-- Attempts that are still to be handed to a network, by gateway. claimed_at is
-- committed before the wire is touched: what is found claimed by a gateway's
-- new owner was perhaps sent. claimed_at stands in no index, so that claiming
-- is a HOT update.
CREATE TABLE outgoing (
    company_id bigint      NOT NULL,
    id         uuid        NOT NULL, -- of the attempt
    gateway_id uuid        NOT NULL,
    lane       smallint    NOT NULL, -- 0: single messages, 1: campaigns
    due_at     timestamptz NOT NULL,
    claimed_at timestamptz,
    PRIMARY KEY (company_id, id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX outgoing_due ON outgoing (gateway_id, lane, due_at);
CALL secure_tenant('outgoing');

-- Under which names networks took parts: receipts come by them, on gateways
-- of the platform without a company. status is set once, by the final receipt.
CREATE TABLE receipt_key (
    gateway_id uuid        NOT NULL,
    network_id text        NOT NULL,
    company_id bigint      NOT NULL,
    attempt_id uuid        NOT NULL,
    part       smallint    NOT NULL, -- counted from 0
    status     text        NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    PRIMARY KEY (gateway_id, network_id)
) WITH (fillfactor = 70);
CREATE INDEX receipt_key_attempt ON receipt_key (company_id, attempt_id);
CREATE INDEX receipt_key_age ON receipt_key USING brin (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON receipt_key TO parley_worker;

-- Receipts that came before the answer to what they speak of.
CREATE TABLE early_receipt (
    gateway_id uuid        NOT NULL,
    network_id text        NOT NULL,
    status     text        NOT NULL,
    code       text        NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    PRIMARY KEY (gateway_id, network_id)
);
CREATE INDEX early_receipt_age ON early_receipt (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON early_receipt TO parley_worker;

CREATE TABLE campaign (
    company_id  bigint      NOT NULL REFERENCES company,
    id          uuid        NOT NULL,
    number      bigint      NOT NULL,
    name        text        NOT NULL CHECK (name <> ''),
    purpose     text        NOT NULL CHECK (purpose IN ('service', 'advertising')),
    steps       jsonb       NOT NULL, -- what is sent on which channel, in order
    list_id     uuid        NOT NULL, -- the contact list
    state       text        NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'scheduled', 'running', 'paused', 'stopped', 'finished', 'failed')),
    reason      text        NOT NULL DEFAULT '', -- why it is paused or failed
    speed       int         NOT NULL DEFAULT 0 CHECK (speed >= 0), -- messages a second; 0: as fast as the network takes them
    lifetime_s  int         NOT NULL DEFAULT 86400 CHECK (lifetime_s BETWEEN 60 AND 172800),
    resend      boolean     NOT NULL DEFAULT false,
    frozen      int         NOT NULL DEFAULT 0, -- recipients copied from the list
    frozen_entry int        NOT NULL DEFAULT 0, -- the last entry of the list that was copied
    total       int,        -- recipients; null until the audience is frozen
    next        int         NOT NULL DEFAULT 0, -- the first recipient that has no attempt yet
    starts_at   timestamptz,
    started_at  timestamptz,
    finished_at timestamptz,
    created_by  bigint,
    created_at  timestamptz NOT NULL,
    version     int         NOT NULL DEFAULT 1,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, number)
);
CREATE INDEX campaign_live ON campaign (state) WHERE state IN ('scheduled', 'running');
CALL secure_tenant('campaign');

-- The audience of a campaign as it was at the start.
CREATE TABLE campaign_recipient (
    company_id  bigint NOT NULL,
    campaign_id uuid   NOT NULL,
    n           int    NOT NULL, -- counted from 0
    contact_id  uuid,
    phone       text   NOT NULL DEFAULT '',
    email       text   NOT NULL DEFAULT '',
    variables   jsonb  NOT NULL DEFAULT '{}',
    PRIMARY KEY (company_id, campaign_id, n),
    FOREIGN KEY (company_id, campaign_id) REFERENCES campaign
);
CALL secure_tenant('campaign_recipient');

-- How many attempts of a campaign are in which state; changed in the
-- transactions that change states, by as much.
CREATE TABLE campaign_count (
    company_id  bigint NOT NULL,
    campaign_id uuid   NOT NULL,
    step        smallint NOT NULL,
    state       text   NOT NULL,
    reason      text   NOT NULL,
    attempts    bigint NOT NULL,
    PRIMARY KEY (company_id, campaign_id, step, state, reason),
    FOREIGN KEY (company_id, campaign_id) REFERENCES campaign
) WITH (fillfactor = 50);
CALL secure_tenant('campaign_count');

-- Makes the partitions of attempts until three months ahead. Rows of attempt
-- change their state a few times: room in their pages keeps that off the
-- indexes.
-- +goose StatementBegin
CREATE PROCEDURE ensure_attempt_partitions()
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part regclass;
BEGIN
    CALL ensure_partitions('attempt', now()::date, 4);
    CALL ensure_partitions('attempt_text', now()::date, 4);
    FOR part IN SELECT c.oid::regclass FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'attempt'::regclass AND c.reloptions IS NULL
    LOOP
        EXECUTE format('ALTER TABLE %s SET (fillfactor = 50)', part);
    END LOOP;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON PROCEDURE ensure_attempt_partitions() FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE ensure_attempt_partitions() TO parley_worker;
CALL ensure_attempt_partitions();

-- +goose Down
SELECT 1;
