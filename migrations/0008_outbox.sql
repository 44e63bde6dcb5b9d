-- +goose Up

-- Codes by SMS to people who sign up or recover. A code waits, is handed to
-- the network, and ends as delivered, failed or expired; one whose time is
-- over is never sent.
CREATE TABLE sms_code (
    id         uuid        NOT NULL PRIMARY KEY,
    fact       uuid        NOT NULL UNIQUE, -- what asked for it
    phone      text        NOT NULL,
    origin     text        NOT NULL, -- address it was asked from
    language   text        NOT NULL CHECK (language IN ('ru', 'en')),
    code       bytea, -- sealed; gone once it was handed over or is final
    state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'expired')),
    reason     text        NOT NULL DEFAULT '',
    attempts   int         NOT NULL DEFAULT 0,
    open_parts int         NOT NULL DEFAULT 0, -- parts without a final receipt
    due_at     timestamptz NOT NULL, -- waiting: next attempt; sending: when whoever sends it counts as dead
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at    timestamptz
);
CREATE INDEX sms_code_due ON sms_code (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX sms_code_open ON sms_code (expires_at) WHERE state IN ('waiting', 'sending', 'sent');
CREATE INDEX sms_code_age ON sms_code (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sms_code TO parley_worker;

-- The names that networks gave to the parts of codes; receipts come by them.
CREATE TABLE sms_code_part (
    route      text NOT NULL, -- which network
    network_id text NOT NULL,
    code_id    uuid NOT NULL REFERENCES sms_code ON DELETE CASCADE,
    status     text NOT NULL DEFAULT '', -- of the final receipt
    PRIMARY KEY (route, network_id)
);
CREATE INDEX sms_code_part_code ON sms_code_part (code_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON sms_code_part TO parley_worker;

-- Receipts until they are applied; those that came before the answer to their
-- submit wait here for it.
CREATE TABLE sms_code_receipt (
    route      text        NOT NULL,
    network_id text        NOT NULL,
    status     text        NOT NULL,
    detail     text        NOT NULL, -- the network's error code
    at         timestamptz NOT NULL,
    PRIMARY KEY (route, network_id, status)
);
CREATE INDEX sms_code_receipt_age ON sms_code_receipt (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sms_code_receipt TO parley_worker;

-- How many codes were asked for, in slots of a twelfth of what the cap speaks of.
CREATE TABLE sms_count (
    scope text        NOT NULL, -- number, origin, prefix, day
    key   text        NOT NULL,
    slot  timestamptz NOT NULL, -- its beginning
    used  int         NOT NULL,
    PRIMARY KEY (scope, key, slot)
);
CREATE INDEX sms_count_age ON sms_count (slot);
GRANT SELECT, INSERT, UPDATE, DELETE ON sms_count TO parley_worker;

-- Counts a code under all caps, or under none and returns the cap that stands
-- in the way, as {"scope", "key", "used", "until"}; null when it was counted.
-- A slot counts until all of it is over, so no span ever holds more than its
-- cap. Locks stand in one order of scopes and are held until the caller's
-- transaction ends, so two codes at once cannot both be the last.
-- +goose StatementBegin
CREATE FUNCTION take_sms_codes(scopes text[], keys text[], seconds int[], caps int[], now timestamptz) RETURNS jsonb
    LANGUAGE plpgsql AS $$
DECLARE
    total  bigint;
    oldest timestamptz;
    span   interval;
    width  interval;
BEGIN
    FOR i IN 1..cardinality(scopes) LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(scopes[i] || ' ' || keys[i], 3317));
        span := make_interval(secs => seconds[i]);
        width := span / 12;
        SELECT sum(c.used), min(c.slot) INTO total, oldest
        FROM sms_count c WHERE c.scope = scopes[i] AND c.key = keys[i] AND c.slot > now - span - width;
        IF coalesce(total, 0) >= caps[i] THEN
            RETURN jsonb_build_object('scope', scopes[i], 'key', keys[i], 'used', coalesce(total, 0),
                'until', coalesce(oldest, now) + span + width);
        END IF;
    END LOOP;
    INSERT INTO sms_count AS c (scope, key, slot, used)
    SELECT w.scope, w.key, date_bin(make_interval(secs => w.seconds) / 12, now, 'epoch'), 1
    FROM unnest(scopes, keys, seconds) AS w (scope, key, seconds)
    ON CONFLICT (scope, key, slot) DO UPDATE SET used = c.used + 1;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION take_sms_codes(text[], text[], int[], int[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_sms_codes(text[], text[], int[], int[], timestamptz) TO parley_worker;

-- Ways out of the installation that were set on a page instead of in the
-- settings: addresses with their passwords, sealed.
CREATE TABLE delivery_route (
    kind       text        NOT NULL PRIMARY KEY CHECK (kind IN ('mail', 'sms')),
    sealed     bytea       NOT NULL,
    updated_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_route TO parley_worker;

-- +goose Down
SELECT 1;
