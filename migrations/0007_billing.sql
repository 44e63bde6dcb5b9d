-- +goose Up

-- What a company pays for in a billing month, by item and price: captured less
-- refunded usage, welcome credit included; a reseller's wholesale legs are in
-- its own rows. Written with the entries, so that closing a month adds nothing
-- up. What is free is left out.
CREATE TABLE usage_month (
    company_id bigint NOT NULL,
    period     date   NOT NULL,
    seller_id  bigint NOT NULL,
    item       text   NOT NULL,
    unit_price bigint NOT NULL,
    quantity   bigint NOT NULL,
    amount     bigint NOT NULL,
    PRIMARY KEY (company_id, period, seller_id, item, unit_price)
) WITH (fillfactor = 70);
CALL secure_tenant('usage_month');

-- Welcome credit is no part of invoices; it is looked up when a month ends.
CREATE INDEX entry_welcome ON entry (company_id, period) WHERE 'bonus' IN (debit, credit) AND number IS NOT NULL;

-- The month that a company's next monthly invoice is for.
CREATE TABLE billing_month (
    company_id bigint NOT NULL REFERENCES company PRIMARY KEY,
    open       date   NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX billing_month_open ON billing_month (open, company_id);
CALL secure_tenant('billing_month');
INSERT INTO billing_month (company_id, open) SELECT id, date_trunc('month', created_at - interval '26 hours') FROM company WHERE parent_id IS NOT NULL;

-- Numbers of a seller, per kind and year, without gaps: the row's lock is kept
-- until the invoice is committed.
CREATE TABLE invoice_series (
    company_id bigint NOT NULL REFERENCES company, -- seller
    kind       text   NOT NULL CHECK (kind IN ('top_up', 'monthly')),
    year       int    NOT NULL,
    last       bigint NOT NULL,
    PRIMARY KEY (company_id, kind, year)
);
CALL secure_tenant('invoice_series');

CREATE TABLE invoice_number (
    company_id bigint NOT NULL REFERENCES company, -- seller
    kind       text   NOT NULL,
    year       int    NOT NULL,
    number     bigint NOT NULL,
    buyer_id   bigint NOT NULL,
    invoice_id uuid   NOT NULL,
    PRIMARY KEY (company_id, kind, year, number)
);
CALL secure_tenant('invoice_number', append_only => true);

-- What a seller has billed. Parties and lines are frozen; hash covers them and
-- the paper is made of nothing else. Only state, paid and the file change.
CREATE TABLE invoice (
    company_id   bigint      NOT NULL REFERENCES company, -- buyer
    id           uuid        NOT NULL,
    seller_id    bigint      NOT NULL REFERENCES company,
    kind         text        NOT NULL CHECK (kind IN ('top_up', 'monthly')),
    number       text        NOT NULL, -- as people see it
    period       date        CHECK ((period IS NOT NULL) = (kind = 'monthly')),
    issued_at    timestamptz NOT NULL,
    issued_on    date        NOT NULL, -- in the seller's zone
    due_on       date        NOT NULL, -- the last day
    due_at       timestamptz NOT NULL, -- when that has ended
    form         text        NOT NULL CHECK (form IN ('russian', 'international')),
    currency     text        NOT NULL,
    total        bigint      NOT NULL,
    covered      bigint      NOT NULL, -- paid from the balance before
    to_pay       bigint      NOT NULL CHECK (to_pay >= 0 AND covered + to_pay = total),
    paid         bigint      NOT NULL DEFAULT 0 CHECK (paid BETWEEN 0 AND to_pay),
    state        text        NOT NULL CHECK (state IN ('issued', 'partly_paid', 'paid', 'cancelled')),
    seller       json        NOT NULL, -- as text, because the hash covers the bytes
    buyer        json        NOT NULL,
    hash         bytea       NOT NULL, -- SHA-256
    file_size    int, -- null until the paper was made
    file_hash    bytea,
    paid_at      timestamptz,
    cancelled_at timestamptz,
    created_by   bigint, -- null: the monthly run
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, period, seller_id),
    CHECK ((state = 'paid') = (paid = to_pay AND cancelled_at IS NULL)),
    CHECK ((state = 'paid') = (paid_at IS NOT NULL)),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
);
CREATE INDEX invoice_issued ON invoice (company_id, issued_at, id);
CREATE INDEX invoice_seller ON invoice (seller_id, issued_at, id);
CREATE INDEX invoice_unpaid ON invoice (company_id, issued_at, id) WHERE state IN ('issued', 'partly_paid');
CREATE INDEX invoice_paperless ON invoice (issued_at) WHERE file_size IS NULL;
CALL secure_tenant('invoice');

CREATE TABLE invoice_line (
    company_id bigint NOT NULL,
    invoice_id uuid   NOT NULL,
    n          int    NOT NULL, -- 1, 2, 3 …
    item       text   NOT NULL, -- empty: no usage stands behind it
    list_price bigint NOT NULL, -- of the usage behind it
    name       text   NOT NULL,
    unit       text   NOT NULL,
    quantity   bigint NOT NULL,
    unit_price bigint NOT NULL,
    exact      bigint NOT NULL, -- what was charged
    amount     bigint NOT NULL, -- the same, rounded
    vat_rate   text   NOT NULL,
    vat        bigint NOT NULL, -- the part of amount that is VAT
    PRIMARY KEY (company_id, invoice_id, n),
    FOREIGN KEY (company_id, invoice_id) REFERENCES invoice
);
CALL secure_tenant('invoice_line', append_only => true);

-- Money that has come in. Each payment is one deposit in the ledger.
CREATE TABLE payment (
    company_id  bigint      NOT NULL REFERENCES company, -- who paid
    id          uuid        NOT NULL,
    seller_id   bigint      NOT NULL REFERENCES company,
    invoice_id  uuid, -- the invoice that was named
    entry_id    uuid        NOT NULL, -- in the ledger
    amount      bigint      NOT NULL CHECK (amount > 0),
    currency    text        NOT NULL,
    received_on date        NOT NULL,
    document    text        NOT NULL, -- number of the payment order; empty: a deposit without one
    reference   text        NOT NULL, -- what makes it one payment however often it is sent
    created_by  bigint,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, entry_id),
    UNIQUE (company_id, reference),
    FOREIGN KEY (company_id, invoice_id) REFERENCES invoice
);
CREATE UNIQUE INDEX payment_document ON payment (company_id, document, received_on, amount) WHERE document <> '';
CALL secure_tenant('payment', append_only => true);

CREATE TABLE payment_allocation (
    company_id bigint      NOT NULL,
    payment_id uuid        NOT NULL,
    invoice_id uuid        NOT NULL,
    amount     bigint      NOT NULL CHECK (amount > 0),
    at         timestamptz NOT NULL,
    PRIMARY KEY (company_id, payment_id, invoice_id),
    FOREIGN KEY (company_id, payment_id) REFERENCES payment,
    FOREIGN KEY (company_id, invoice_id) REFERENCES invoice
);
CREATE INDEX payment_allocation_invoice ON payment_allocation (company_id, invoice_id);
CALL secure_tenant('payment_allocation', append_only => true);

-- +goose Down
SELECT 1;
