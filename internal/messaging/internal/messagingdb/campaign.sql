-- name: InsertCampaign :exec
INSERT INTO campaign (company_id, id, number, name, purpose, steps, list_id, state, speed, lifetime_s, resend, starts_at, created_by, created_at)
VALUES (@company_id, @id, @number, @name, @purpose, @steps, @list_id, 'draft', @speed, @lifetime_s, @resend, @starts_at, @created_by, @created_at);

-- name: ChangeCampaign :exec
UPDATE campaign SET name = @name, purpose = @purpose, steps = @steps, list_id = @list_id, speed = @speed, lifetime_s = @lifetime_s,
    resend = @resend, starts_at = @starts_at, version = version + 1
WHERE company_id = @company_id AND id = @id;

-- LockCampaign leaves room for the foreign keys of counts, which others add.
-- name: LockCampaign :one
SELECT * FROM campaign WHERE company_id = @company_id AND id = @id FOR NO KEY UPDATE;

-- name: CampaignByID :one
SELECT * FROM campaign WHERE company_id = @company_id AND id = @id;

-- name: Campaigns :many
SELECT * FROM campaign
WHERE company_id = @company_id AND number < @before::bigint AND (@state::text = '' OR state = @state)
  AND (@q::text = '' OR name ILIKE @pattern)
ORDER BY number DESC
LIMIT @max_rows;

-- name: CountsOf :many
SELECT campaign_id, step, state, reason, attempts FROM campaign_count
WHERE company_id = @company_id AND campaign_id = ANY(@campaign_ids::uuid[]) AND attempts > 0
ORDER BY campaign_id, step, state, reason;

-- name: SetCampaignState :exec
UPDATE campaign SET state = @state, reason = @reason, version = version + 1,
    started_at = CASE WHEN @state::text = 'running' THEN coalesce(started_at, @now::timestamptz) ELSE started_at END,
    finished_at = CASE WHEN @state::text IN ('finished', 'stopped', 'failed') THEN @now::timestamptz ELSE finished_at END
WHERE company_id = @company_id AND id = @id;

-- Due are campaigns that have work.
-- name: DueCampaigns :many
-- any company: the feeder serves them all.
SELECT company_id, id FROM campaign
WHERE state = 'running' OR state = 'scheduled' AND starts_at <= @now::timestamptz
ORDER BY company_id, id;

-- name: InsertRecipients :exec
INSERT INTO campaign_recipient (company_id, campaign_id, n, contact_id, phone, email, variables)
SELECT @company_id, @campaign_id, x.n, x.contact_id, x.phone, x.email, x.variables
FROM (
    SELECT unnest(@ns::int[]) AS n, unnest(@contact_ids::uuid[]) AS contact_id, unnest(@phones::text[]) AS phone,
        unnest(@emails::text[]) AS email, unnest(@variables::jsonb[]) AS variables
) AS x;

-- Frozen says how far the copy of the list has come; total is set with the last page.
-- name: SetFrozen :exec
UPDATE campaign SET frozen = @frozen, frozen_entry = @entry, total = sqlc.narg(total)
WHERE company_id = @company_id AND id = @id;

-- name: Recipients :many
SELECT n, contact_id, phone, email, variables FROM campaign_recipient
WHERE company_id = @company_id AND campaign_id = @campaign_id AND n >= @next
ORDER BY n
LIMIT @most;

-- name: SetNext :exec
UPDATE campaign SET next = @next WHERE company_id = @company_id AND id = @id;

-- name: QueuedOf :one
SELECT coalesce(sum(attempts), 0)::bigint FROM campaign_count
WHERE company_id = @company_id AND campaign_id = @campaign_id AND state = 'queued';

-- name: InsertRefused :exec
INSERT INTO attempt (company_id, id, channel, gateway_company, gateway_id, sender, recipient, campaign_id, recipient_n, step, item, state, reason,
    created_by, created_at, due_at, expires_at, done_at)
SELECT @company_id, x.id, @channel, 0, '00000000-0000-0000-0000-000000000000', @sender, x.recipient, sqlc.narg(campaign_id),
    CASE WHEN sqlc.narg(campaign_id)::uuid IS NOT NULL THEN x.recipient_n END, @step, '', 'rejected', x.reason,
    sqlc.narg(created_by), @now, @now, @now, @now
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@recipients::text[]) AS recipient, unnest(@recipient_ns::int[]) AS recipient_n, unnest(@reasons::text[]) AS reason
) AS x;
