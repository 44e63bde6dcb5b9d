-- Codes belong to telephones, not to companies; only trusted work touches them.

-- name: CodeOfFact :one
SELECT EXISTS (SELECT FROM sms_code WHERE fact = @fact);

-- name: TakeCodes :one
-- Counts a code under its caps; see the function.
SELECT take_sms_codes(@scopes::text[], @keys::text[], @seconds::int[], @caps::int[], @now::timestamptz)::jsonb AS refused;

-- name: InsertCode :exec
INSERT INTO sms_code (id, fact, kind, phone, origin, language, code, due_at, expires_at, created_at)
VALUES (@id, @fact, @kind, @phone, @origin, @language, @code, @created_at, @expires_at, @created_at)
ON CONFLICT (fact) DO NOTHING;

-- name: ClaimCodes :many
-- Takes codes to send. One that somebody took and never finished is taken again:
-- a code that comes twice is better than one that does not come.
UPDATE sms_code SET state = 'sending', attempts = attempts + 1, due_at = @lease_ends
WHERE id IN (
    SELECT c.id FROM sms_code c
    WHERE c.state IN ('waiting', 'sending') AND c.due_at <= @now AND c.expires_at > @now
    ORDER BY c.due_at LIMIT @most FOR UPDATE SKIP LOCKED)
RETURNING id, kind, phone, language, code, attempts, expires_at;

-- name: FinishCodes :exec
-- Notes what became of codes that were claimed.
UPDATE sms_code c
SET state = r.state, reason = r.reason, due_at = r.due_at, open_parts = r.parts,
    code = CASE WHEN r.state = 'waiting' THEN c.code END,
    sent_at = CASE WHEN r.state = 'sent' THEN @now::timestamptz END
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@states::text[]) AS state, unnest(@reasons::text[]) AS reason,
             unnest(@due_ats::timestamptz[]) AS due_at, unnest(@parts::int[]) AS parts) r
WHERE c.id = r.id AND c.state = 'sending';

-- name: InsertParts :exec
-- A network that begins to count anew gives names that it gave before.
INSERT INTO sms_code_part AS p (route, network_id, code_id)
SELECT @route::text, unnest(@network_ids::text[]), unnest(@code_ids::uuid[])
ON CONFLICT (route, network_id) DO UPDATE SET code_id = excluded.code_id, status = '';

-- name: InsertReceipts :exec
INSERT INTO sms_code_receipt (route, network_id, status, detail, at)
SELECT DISTINCT ON (network_id, status) @route::text, network_id, status, detail, @at::timestamptz
FROM (SELECT unnest(@network_ids::text[]) AS network_id, unnest(@statuses::text[]) AS status, unnest(@details::text[]) AS detail) r
ON CONFLICT (route, network_id, status) DO NOTHING;

-- name: ApplyReceipts :execrows
-- Takes the receipts of known parts. The first final one of a part counts, and
-- delivered before others that came with it; a code that was given up as never
-- confirmed is still confirmed by a late one.
WITH taken AS (
    DELETE FROM sms_code_receipt r USING sms_code_part p
    WHERE p.route = r.route AND p.network_id = r.network_id
    RETURNING r.route, r.network_id, r.status, r.detail
), first AS (
    SELECT DISTINCT ON (route, network_id) * FROM taken WHERE status <> 'enroute'
    ORDER BY route, network_id, status <> 'delivered'
), final AS (
    UPDATE sms_code_part p SET status = f.status FROM first f
    WHERE p.route = f.route AND p.network_id = f.network_id AND p.status = ''
    RETURNING p.code_id, f.status, f.detail
), news AS (
    SELECT code_id, count(*)::int AS parts, max(status || ' ' || detail) FILTER (WHERE status <> 'delivered') AS bad
    FROM final GROUP BY code_id
)
UPDATE sms_code c
SET open_parts = c.open_parts - n.parts,
    state = CASE WHEN n.bad IS NOT NULL THEN 'failed' WHEN c.open_parts <= n.parts THEN 'delivered' ELSE c.state END,
    reason = CASE WHEN n.bad IS NOT NULL THEN trim(n.bad) WHEN c.open_parts <= n.parts THEN '' ELSE c.reason END
FROM news n
WHERE c.id = n.code_id AND (c.state = 'sent' OR c.state = 'expired' AND c.sent_at IS NOT NULL);

-- name: ExpireCodes :execrows
-- Ends codes whose time is over: those that could not be sent, and those that
-- nobody has confirmed a while later.
UPDATE sms_code
SET state = 'expired', code = NULL,
    reason = CASE WHEN state = 'sent' THEN 'unconfirmed' WHEN reason = '' THEN 'not_sent' ELSE reason END
WHERE state = 'waiting' AND expires_at <= @now
   OR state = 'sending' AND expires_at <= @now AND due_at <= @now
   OR state = 'sent' AND expires_at <= @confirmed_by;

-- name: CodeState :one
SELECT state, reason, attempts FROM sms_code WHERE fact = @fact;

-- name: ForgetCodes :exec
DELETE FROM sms_code WHERE created_at < @before;

-- name: ForgetReceipts :exec
DELETE FROM sms_code_receipt WHERE at < @before;

-- name: ForgetCounts :exec
DELETE FROM sms_count WHERE slot < @before;
