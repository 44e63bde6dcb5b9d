-- LastMonths are how far the fees of each thing have come.
-- name: LastMonths :many
-- any company: fees of many are made in one go.
SELECT company_id, item, thing, max(month)::date AS month
FROM fee
WHERE company_id = ANY (@companies::bigint[])
GROUP BY company_id, item, thing;

-- Insert adds the fees of one company. Those of another node are left alone.
-- name: Insert :execrows
INSERT INTO fee (company_id, item, thing, month, days, of_days, due_at, state, reference, pause_at)
SELECT @company_id, x.item, x.thing, x.month, x.days, x.of_days, x.due_at, @state, nullif(x.reference, '00000000-0000-0000-0000-000000000000'), sqlc.narg(pause_at)
FROM (SELECT unnest(@items::text[]) AS item, unnest(@things::text[]) AS thing, unnest(@months::date[]) AS month,
    unnest(@days::int[]) AS days, unnest(@of_days::int[]) AS of_days, unnest(@due_ats::timestamptz[]) AS due_at,
    unnest(@refs::uuid[]) AS reference) x
ON CONFLICT DO NOTHING;

-- name: Unpaid :many
-- any company: what is unpaid is tried again in one go.
SELECT company_id, item, thing, month, days, of_days, due_at, pause_at, paused
FROM fee
WHERE state = 'unpaid'
ORDER BY company_id, month, item, thing;

-- name: Pay :execrows
UPDATE fee SET state = 'charged', reference = @reference::uuid, paused = false
WHERE company_id = @company_id AND item = @item AND thing = @thing AND month = @month AND state = 'unpaid';

-- name: Pause :execrows
UPDATE fee SET paused = true
WHERE company_id = @company_id AND item = @item AND thing = @thing AND month = @month AND state = 'unpaid' AND NOT paused;

-- Lapse gives up what a thing did not pay before a month.
-- name: Lapse :exec
UPDATE fee SET state = 'lapsed', paused = false
WHERE company_id = @company_id AND item = @item AND thing = @thing AND month < @month AND state = 'unpaid' AND paused;

-- LapseGone gives up what is unpaid for a thing that is there no more.
-- name: LapseGone :exec
UPDATE fee SET state = 'lapsed', paused = false
WHERE company_id = @company_id AND item = @item AND thing = @thing AND state = 'unpaid';

-- name: StillPaused :one
SELECT EXISTS (
    SELECT FROM fee
    WHERE company_id = @company_id AND item = @item AND thing = @thing AND state = 'unpaid' AND paused);
