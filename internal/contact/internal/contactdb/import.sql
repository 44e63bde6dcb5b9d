-- name: BeginImport :exec
INSERT INTO contact_import (company_id, id, file_name, state, created_by, created_at)
VALUES (@company_id, @id, @file_name, 'uploading', @created_by, @created_at);

-- name: EndImportUpload :one
UPDATE contact_import SET state = 'uploaded', file_size = @file_size, format = @format, reading = @reading, mapping = @mapping
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: ImportByID :one
SELECT * FROM contact_import WHERE company_id = @company_id AND id = @id;

-- name: LockImport :one
SELECT * FROM contact_import WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: Imports :many
SELECT * FROM contact_import
WHERE company_id = @company_id AND state NOT IN ('uploading', 'uploaded')
    AND (sqlc.narg(list_id)::uuid IS NULL OR list_id = sqlc.narg(list_id))
    AND (sqlc.narg(before)::uuid IS NULL OR id < sqlc.narg(before))
ORDER BY id DESC
LIMIT @most;

-- name: StartImport :one
UPDATE contact_import SET state = 'running', reading = @reading, mapping = @mapping, list_id = @list_id, started_at = @started_at
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: ClaimImport :one
-- any company: whoever has time works on the import that waits longest
UPDATE contact_import i SET leased_until = now() + interval '30 seconds', tries = i.tries + 1
FROM (SELECT company_id, id FROM contact_import
      WHERE state = 'running' AND (leased_until IS NULL OR leased_until < now())
      ORDER BY started_at
      LIMIT 1
      FOR UPDATE SKIP LOCKED) next
WHERE i.company_id = next.company_id AND i.id = next.id
RETURNING i.*;

-- name: ReleaseImport :exec
UPDATE contact_import SET leased_until = now() + make_interval(secs => @pause_s::int) WHERE company_id = @company_id AND id = @id AND state = 'running';

-- name: HoldImport :one
-- What a chunk begins with: nobody else has done these rows, and nobody has cancelled.
UPDATE contact_import SET leased_until = now() + interval '30 seconds'
WHERE company_id = @company_id AND id = @id AND state = 'running' AND done_rows = @done_rows
RETURNING id;

-- name: AdvanceImport :exec
UPDATE contact_import
SET done_rows = @done_rows, permille = @permille, created = created + @created, added = added + @added, updated = updated + @updated,
    doubles = doubles + @doubles, failed_rows = failed_rows + @failed_rows, tries = 0
WHERE company_id = @company_id AND id = @id;

-- name: EndImport :execrows
UPDATE contact_import
SET state = @state, reason = @reason, finished_at = @finished_at, leased_until = NULL,
    permille = CASE WHEN @state::text = 'finished' THEN 1000 ELSE permille END
WHERE company_id = @company_id AND id = @id AND state IN ('uploading', 'uploaded', 'running');

-- name: ForgetImportFile :exec
UPDATE contact_import SET file_kept = false WHERE company_id = @company_id AND id = @id;

-- name: IdleImportFiles :many
-- any company: files that nobody needs any more
SELECT company_id, id, state FROM contact_import
WHERE file_kept AND (state IN ('finished', 'failed', 'cancelled') OR state IN ('uploading', 'uploaded') AND created_at < @before)
LIMIT 100;

-- name: InsertImportErrors :exec
INSERT INTO contact_import_error (company_id, import_id, row_n, line, problem, cells)
SELECT @company_id::bigint, @import_id::uuid, given.row_n, given.line, given.problem,
    ARRAY(SELECT jsonb_array_elements_text(given.cells::jsonb))
FROM (SELECT unnest(@rows_n::int[]) AS row_n, unnest(@lines::int[]) AS line, unnest(@problems::text[]) AS problem, unnest(@cells::text[]) AS cells) AS given;

-- name: ImportErrors :many
SELECT row_n, line, problem, cells FROM contact_import_error
WHERE company_id = @company_id AND import_id = @import_id AND row_n > @after::int
ORDER BY row_n
LIMIT @most;

-- name: ByIndexOnly :exec
-- A chunk looks up a few thousand rows among millions. By statistics of a table that was empty
-- a moment ago the planner would read all of a company's rows instead, once for each chunk.
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('gin_pending_list_limit', '32768', true);

-- name: FindAddresses :many
-- Whom these addresses lead to.
SELECT given.channel::text AS channel, given.address::text AS address, a.contact_id,
    coalesce((SELECT c.phone <> '' FROM contact c WHERE c.company_id = @company_id AND c.id = a.contact_id), false)::bool AS has_phone,
    coalesce((SELECT true FROM contact_address o
              WHERE o.company_id = @company_id AND o.contact_id = a.contact_id AND o.channel = 'client' LIMIT 1), false)::bool AS has_client_id
FROM (SELECT unnest(@channels::text[]) AS channel, unnest(@addresses::text[]) AS address) AS given
CROSS JOIN LATERAL (
    SELECT o.contact_id FROM contact_address o
    WHERE o.company_id = @company_id AND o.channel = given.channel AND o.address = given.address
    LIMIT 1) AS a;

-- name: InsertMany :exec
INSERT INTO contact (company_id, id, number, name, phone, email, created_at)
SELECT @company_id::bigint, given.id, given.number, given.name, given.phone, given.email, @created_at::timestamptz
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@numbers::bigint[]) AS number, unnest(@names::text[]) AS name,
             unnest(@phones::text[]) AS phone, unnest(@emails::text[]) AS email) AS given;

-- name: InsertAddresses :exec
-- An address that leads to somebody already stays theirs.
INSERT INTO contact_address (company_id, id, contact_id, channel, address, created_at)
SELECT @company_id::bigint, given.id, given.contact_id, given.channel, given.address, @created_at::timestamptz
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@contacts::uuid[]) AS contact_id,
             unnest(@channels::text[]) AS channel, unnest(@addresses::text[]) AS address) AS given
ON CONFLICT (company_id, channel, address) DO NOTHING;

-- name: FillMany :exec
-- What an import knows of contacts that were there before; what people wrote stays.
UPDATE contact c
SET phone = CASE WHEN c.phone = '' THEN given.phone ELSE c.phone END,
    email = CASE WHEN c.email = '' THEN given.email ELSE c.email END,
    version = c.version + 1
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@phones::text[]) AS phone, unnest(@emails::text[]) AS email) AS given
WHERE c.company_id = @company_id AND c.id = given.id
    AND (c.phone = '' AND given.phone <> '' OR c.email = '' AND given.email <> '');

-- name: TakePlaces :one
-- Numbers for new entries; the list is locked from here on.
UPDATE contact_list SET last_n = last_n + @places::int
WHERE company_id = @company_id AND id = @id AND deleted_at IS NULL
RETURNING last_n;

-- name: PutEntries :one
-- Entries of contacts that stand in the list already get what is new about them.
WITH put AS (
    INSERT INTO contact_list_entry AS e (company_id, list_id, n, contact_id, name, phone, email, variables)
    SELECT @company_id::bigint, @list_id::uuid, given.n, given.contact_id, given.name, given.phone, given.email, given.variables::jsonb
    FROM (SELECT unnest(@places::int[]) AS n, unnest(@contacts::uuid[]) AS contact_id, unnest(@names::text[]) AS name,
                 unnest(@phones::text[]) AS phone, unnest(@emails::text[]) AS email, unnest(@variables::text[]) AS variables) AS given
    ON CONFLICT (company_id, contact_id, list_id) DO UPDATE
    SET name = CASE WHEN excluded.name = '' THEN e.name ELSE excluded.name END,
        phone = CASE WHEN excluded.phone = '' THEN e.phone ELSE excluded.phone END,
        email = CASE WHEN excluded.email = '' THEN e.email ELSE excluded.email END,
        variables = e.variables || excluded.variables
    RETURNING (xmax = 0) AS added)
SELECT count(*) FILTER (WHERE added) AS added, count(*) FILTER (WHERE NOT added) AS updated FROM put;

-- name: CountEntries :exec
UPDATE contact_list SET contacts = contacts + @added::int WHERE company_id = @company_id AND id = @id;

-- name: ForgetImportErrors :exec
-- any company: rows that were not taken are people's data, too, and have served after a while
DELETE FROM contact_import_error e
USING contact_import i
WHERE i.company_id = e.company_id AND i.id = e.import_id AND i.finished_at < @before;
