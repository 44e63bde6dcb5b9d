-- +goose Up

-- Price lists belong to the seller: the platform's for resellers and direct
-- companies, a reseller's for its companies. A version is never changed; a
-- change of prices is a new version.
CREATE TABLE price_list (
    company_id   bigint      NOT NULL REFERENCES company,
    id           uuid        NOT NULL,
    name         text        NOT NULL,
    currency     text        NOT NULL,
    tax_included boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
);
CALL secure_tenant('price_list');

CREATE TABLE price_version (
    company_id bigint      NOT NULL,
    id         uuid        NOT NULL,
    list_id    uuid        NOT NULL,
    number     int         NOT NULL,
    valid_from timestamptz NOT NULL,
    created_by bigint,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, list_id, number),
    FOREIGN KEY (company_id, list_id) REFERENCES price_list
);
CREATE INDEX price_version_time ON price_version (company_id, list_id, valid_from);
CALL secure_tenant('price_version', append_only => true);

CREATE TABLE price_item (
    company_id bigint NOT NULL,
    version_id uuid   NOT NULL,
    item       text   NOT NULL, -- such as chat.operator_message
    unit_price bigint NOT NULL CHECK (unit_price >= 0), -- micro-units, gross
    PRIMARY KEY (company_id, version_id, item),
    FOREIGN KEY (company_id, version_id) REFERENCES price_version
);
CALL secure_tenant('price_item', append_only => true);

CREATE TABLE price_assignment (
    company_id bigint      NOT NULL, -- seller
    buyer_id   bigint      NOT NULL REFERENCES company,
    valid_from timestamptz NOT NULL,
    list_id    uuid        NOT NULL,
    created_by bigint,
    PRIMARY KEY (company_id, buyer_id, valid_from),
    FOREIGN KEY (company_id, list_id) REFERENCES price_list
);
CREATE INDEX price_assignment_buyer ON price_assignment (buyer_id, valid_from);
CALL secure_tenant('price_assignment', append_only => true);

-- Counts changes of prices, so that a node which remembers them asks for one
-- number instead of everybody's prices.
CREATE TABLE price_change (
    singleton boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (singleton),
    number    bigint  NOT NULL
);
INSERT INTO price_change (number) VALUES (0);
CALL secure_global('price_change', 'SELECT, UPDATE');

-- What a company can spend now, in stripes so that parallel charges of a hot
-- company do not queue for one row. A charge is one conditional UPDATE of one
-- stripe, made last before COMMIT; a refusal is final only after all stripes
-- were locked in order and counted together.
--   available  own money; may be below zero down to -credit, and further for
--              what arrives from outside and is never refused
--   credit     this stripe's share of the credit limit
--   bonus      welcome credit, spent first; stripe 0 keeps all of it
--   held       set aside for work that was accepted and is not final
-- Charges of a stripe share a batch until the settler closes it. Because the
-- row's lock orders them, a closed batch is complete.
CREATE TABLE wallet (
    company_id       bigint   NOT NULL REFERENCES company,
    stripe           smallint NOT NULL CHECK (stripe >= 0),
    stripes          smallint NOT NULL DEFAULT 1, -- how many the company has
    currency         text     NOT NULL,
    available        bigint   NOT NULL DEFAULT 0,
    held             bigint   NOT NULL DEFAULT 0 CHECK (held >= 0),
    credit           bigint   NOT NULL DEFAULT 0 CHECK (credit >= 0),
    bonus            bigint   NOT NULL DEFAULT 0 CHECK (bonus >= 0),
    bonus_held       bigint   NOT NULL DEFAULT 0 CHECK (bonus_held >= 0),
    last_bonus       bigint   NOT NULL DEFAULT 0, -- welcome credit in the latest charge: before Postgres 18 RETURNING cannot name the row as it was
    period           date     NOT NULL, -- billing month of the latest charge, never goes back
    batch_id         uuid,              -- open batch; null: nothing was charged since the last was closed
    charges          int      NOT NULL DEFAULT 0, -- in the open batch, to notice a hot company
    reseller_id      bigint,            -- the seller, when it resells
    seller_suspended boolean  NOT NULL DEFAULT false, -- the reseller is past its own limit
    PRIMARY KEY (company_id, stripe),
    CHECK (stripe = 0 OR (bonus = 0 AND bonus_held = 0))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX wallet_reseller ON wallet (reseller_id) WHERE reseller_id IS NOT NULL;
-- Entered and left once per batch, so the charges in between stay HOT updates.
CREATE INDEX wallet_open ON wallet (company_id, stripe) WHERE batch_id IS NOT NULL;
CALL secure_tenant('wallet');

-- Closed batches that no entry speaks of yet. The settler deletes them in the
-- transaction that posts.
CREATE TABLE pending_batch (
    company_id bigint NOT NULL,
    batch_id   uuid   NOT NULL,
    PRIMARY KEY (company_id, batch_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CALL secure_tenant('pending_batch');

-- The head of a company's own book: what its entries add up to. Its lock
-- orders them.
CREATE TABLE book (
    company_id      bigint      NOT NULL REFERENCES company PRIMARY KEY,
    balance         bigint      NOT NULL DEFAULT 0,
    bonus           bigint      NOT NULL DEFAULT 0,
    wholesale_bonus bigint      NOT NULL DEFAULT 0, -- welcome credit spent on dependents' usage, where its refunds return to first
    entries         bigint      NOT NULL DEFAULT 0, -- the last number given
    last_at         timestamptz NOT NULL DEFAULT 'epoch',
    suspended       boolean     NOT NULL DEFAULT false, -- past its limit, as its dependents were told
    credit          bigint      NOT NULL DEFAULT 0, -- the limit that the wallet's stripes share, for those who do not lock them
    filled          bigint      NOT NULL DEFAULT 0, -- what could be spent after the last top-up, limit included
    warned          smallint    NOT NULL DEFAULT 100 -- the lowest percent of filled that people were told of since; 100: none
) WITH (fillfactor = 50);
CALL secure_tenant('book');

-- Double entry by construction: an entry moves amount from the account
-- `credit` to the account `debit` within one company's book, so that a book
-- always sums to zero. What the seller's book says of the same fact carries
-- the same batch_id.
--   buyer's book:   wallet, bonus, services, payments, gifts, adjustments
--   seller's book:  customers, customer_bonus, revenue, bank, promotion, corrections
CREATE TABLE entry (
    company_id      bigint      NOT NULL REFERENCES company,
    id              uuid        NOT NULL,
    batch_id        uuid        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('deposit', 'charge', 'refund', 'adjustment')),
    debit           text        NOT NULL,
    credit          text        NOT NULL CHECK (credit <> debit),
    amount          bigint      NOT NULL CHECK (amount > 0),
    currency        text        NOT NULL,
    at              timestamptz NOT NULL,
    period          date,
    item            text,
    quantity        bigint,
    counterparty_id bigint      NOT NULL, -- the company at the other side
    origin_id       bigint,               -- the company whose activity is charged
    reason          text        NOT NULL DEFAULT '',
    reference       text, -- once per kind: a payment, a gift
    created_by      bigint,
    number          bigint, -- 1, 2, 3 … in the company's own book; null in its book as a seller
    balance_after   bigint, -- of wallet and bonus together; null with number
    PRIMARY KEY (company_id, id),
    CHECK ((number IS NULL) = (balance_after IS NULL))
);
CREATE INDEX entry_batch ON entry (company_id, batch_id);
-- at never falls within a book, so both orders agree.
CREATE UNIQUE INDEX entry_book ON entry (company_id, at, number) WHERE number IS NOT NULL;
CREATE INDEX entry_kind ON entry (company_id, kind, at, number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX entry_reference ON entry (company_id, kind, reference) WHERE reference IS NOT NULL AND number IS NOT NULL;
CALL secure_tenant('entry', append_only => true);

-- Rated events, insert-only, frozen at acceptance. reference is the id of what
-- is billed. A thing is captured at once, or held and later captured or
-- released (exactly one of them); captured may be refunded.
CREATE TABLE usage (
    company_id           bigint      NOT NULL,
    reference            uuid        NOT NULL,
    item                 text        NOT NULL,
    phase                text        NOT NULL CHECK (phase IN ('held', 'captured', 'released', 'refunded')),
    at                   timestamptz NOT NULL, -- of acceptance, in every phase
    period               date        NOT NULL, -- billing month of the phase
    quantity             bigint      NOT NULL CHECK (quantity > 0),
    currency             text        NOT NULL,
    seller_id            bigint, -- null: nobody sells to the platform's own company
    price_version        uuid,
    unit_price           bigint      NOT NULL,
    amount               bigint      NOT NULL CHECK (amount >= 0),
    bonus                bigint      NOT NULL DEFAULT 0 CHECK (bonus BETWEEN 0 AND amount), -- the part paid by welcome credit
    stripe               smallint    NOT NULL, -- the wallet row that paid, which a release gives back to
    wholesale_seller_id  bigint, -- set when a reseller stands between
    wholesale_version    uuid,
    wholesale_unit_price bigint,
    wholesale_amount     bigint      CHECK (wholesale_amount >= 0),
    batch_id             uuid, -- the entries that post it carry the same
    PRIMARY KEY (company_id, reference, item, phase),
    CHECK ((batch_id IS NULL) = (phase IN ('held', 'released')))
) PARTITION BY RANGE (reference);
CREATE INDEX usage_batch ON usage (company_id, batch_id) WHERE batch_id IS NOT NULL;
CALL secure_tenant('usage', append_only => true);

-- Sums of captured minus refunded usage by accept time, in UTC: grain 0 is 15
-- minutes, 1 a day, 2 a month.
CREATE TABLE usage_rollup (
    company_id       bigint      NOT NULL,
    grain            smallint    NOT NULL CHECK (grain BETWEEN 0 AND 2),
    bucket           timestamptz NOT NULL,
    item             text        NOT NULL,
    seller_id        bigint      NOT NULL, -- 0: nobody
    reseller_id      bigint, -- the seller, when it resells
    currency         text        NOT NULL,
    quantity         bigint      NOT NULL,
    amount           bigint      NOT NULL,
    wholesale_amount bigint      NOT NULL,
    PRIMARY KEY (company_id, grain, bucket, item, seller_id, currency)
) WITH (fillfactor = 70);
CREATE INDEX usage_rollup_reseller ON usage_rollup (reseller_id, grain, bucket) WHERE reseller_id IS NOT NULL;
CALL secure_tenant('usage_rollup');
-- A company never reads what its seller pays.
REVOKE ALL ON usage_rollup FROM parley_app, parley_search;
GRANT SELECT (company_id, grain, bucket, item, seller_id, currency, quantity, amount) ON usage_rollup TO parley_app;

-- +goose StatementBegin
DO $$
BEGIN
    CALL ensure_partitions('usage', (now() - interval '3 months')::date, 7);
END
$$;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
