-- +goose Up

-- Four roles, all without a login: connections of the program take one of
-- them at start. The owner of the tables ("migrate") is whoever applies these
-- files.
--   parley_app     one company at a time, named by the setting app.company
--   parley_worker  trusted work over companies; joins on (company_id, id)
--   parley_search  reads only; states company_id itself, because full-text and
--                  trigram indexes are not used under a policy
-- +goose StatementBegin
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['parley_app', 'parley_worker', 'parley_search'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of this server has made it
        END;
        IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
            BEGIN
                EXECUTE format('GRANT %I TO %I', name, current_user);
            EXCEPTION WHEN unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
END
$$;
-- +goose StatementEnd

GRANT USAGE ON SCHEMA public TO parley_app, parley_worker, parley_search;

-- The company that the transaction works for; NULL when none was named, which
-- makes every policy below say no.
CREATE FUNCTION current_company() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.company', true), '')::bigint;

-- Puts a tenant table behind its wall. append_only tables can be read and
-- added to, never changed.
-- +goose StatementBegin
CREATE PROCEDURE secure_tenant(tab regclass, company_column text DEFAULT 'company_id', append_only boolean DEFAULT false)
    LANGUAGE plpgsql AS $$
DECLARE
    rights text := CASE WHEN append_only THEN 'SELECT, INSERT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END;
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tab);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tab);
    EXECUTE format('CREATE POLICY of_company ON %s TO parley_app USING (%I = current_company()) WITH CHECK (%I = current_company())',
        tab, company_column, company_column);
    EXECUTE format('CREATE POLICY of_worker ON %s TO parley_worker USING (true) WITH CHECK (true)', tab);
    EXECUTE format('CREATE POLICY of_search ON %s FOR SELECT TO parley_search USING (true)', tab);
    EXECUTE format('CREATE POLICY of_owner ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', tab);
    EXECUTE format('GRANT %s ON %s TO parley_app, parley_worker', rights, tab);
    EXECUTE format('GRANT SELECT ON %s TO parley_search', tab);
END
$$;
-- +goose StatementEnd

-- A table of the installation, not of a company.
-- +goose StatementBegin
CREATE PROCEDURE secure_global(tab regclass, rights text DEFAULT 'SELECT, INSERT, UPDATE, DELETE')
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT %s ON %s TO parley_app, parley_worker', rights, tab);
END
$$;
-- +goose StatementEnd

-- Monthly partitions by a UUIDv7 key: the bounds are the first ids of months.
CREATE FUNCTION first_id(t timestamptz) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (lpad(to_hex(floor(extract(epoch FROM t) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid;

-- Makes the partitions of tab for months around an instant, so that there is
-- one for every id made until then. Called by migrations and by a daily job.
-- +goose StatementBegin
CREATE PROCEDURE ensure_partitions(tab regclass, first_month date, months int)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date;
    part text;
BEGIN
    FOR i IN 0..months - 1 LOOP
        month := (date_trunc('month', first_month) + make_interval(months => i))::date;
        part := format('%s_%s', tab::text, to_char(month, 'YYYYMM'));
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', part, tab,
                first_id(month::timestamp AT TIME ZONE 'UTC'),
                first_id((month + interval '1 month')::timestamp AT TIME ZONE 'UTC'));
            -- Nobody reads a partition by its own name, so that the parent's
            -- policies cannot be walked around.
        END IF;
    END LOOP;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON PROCEDURE ensure_partitions(regclass, date, int) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE ensure_partitions(regclass, date, int) TO parley_worker;

-- Facts, one row each, read by every subscriber with its own cursor. xid lets
-- a reader stop before transactions that have not ended.
CREATE TABLE event (
    id         uuid        NOT NULL PRIMARY KEY,
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    company_id bigint, -- null: of the installation
    name       text        NOT NULL,
    payload    jsonb       NOT NULL,
    at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_order ON event (xid, id);
-- A company's work tells facts about that company and reads none: what others
-- did is in here too.
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event FORCE ROW LEVEL SECURITY;
CREATE POLICY of_company ON event FOR INSERT TO parley_app WITH CHECK (company_id = current_company());
CREATE POLICY of_worker ON event TO parley_worker USING (true) WITH CHECK (true);
CREATE POLICY of_owner ON event TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT INSERT ON event TO parley_app;
GRANT SELECT, INSERT, DELETE ON event TO parley_worker;

CREATE TABLE event_cursor (
    subscriber text NOT NULL PRIMARY KEY,
    xid        xid8 NOT NULL DEFAULT '0',
    id         uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    failures   int  NOT NULL DEFAULT 0,
    retry_at   timestamptz,
    error      text
);
GRANT SELECT, INSERT, UPDATE, DELETE ON event_cursor TO parley_worker;

-- Answers to POSTs with an Idempotency-Key, kept for a day. principal is
-- "user:<id>"; company_id is 0 outside a company.
CREATE TABLE idempotency_key (
    company_id bigint      NOT NULL,
    principal  text        NOT NULL,
    route      text        NOT NULL,
    key        text        NOT NULL,
    body_hash  bytea       NOT NULL,
    status     int, -- null while the first request is at work
    headers    jsonb,
    answer     bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, principal, route, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO parley_worker;

-- A node holds a lease while expires_at is ahead; another may take it after.
CREATE TABLE lease (
    name       text        NOT NULL PRIMARY KEY,
    holder     text        NOT NULL,
    expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON lease TO parley_worker;

-- Realtime hints too large for a notification, for the minute in which nodes
-- fetch them. Unlogged: a hint may be lost.
CREATE UNLOGGED TABLE realtime_overflow (
    id   uuid        NOT NULL PRIMARY KEY,
    item bytea       NOT NULL,
    at   timestamptz NOT NULL
);
CREATE INDEX realtime_overflow_age ON realtime_overflow (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON realtime_overflow TO parley_worker;

-- +goose Down
SELECT 1;
