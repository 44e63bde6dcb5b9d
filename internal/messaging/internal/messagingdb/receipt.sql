-- KeysOf finds whose parts receipts speak of.
-- name: KeysOf :many
-- any company: receipts on the platform's gateways come without one.
SELECT network_id, company_id, attempt_id
FROM receipt_key
WHERE gateway_id = @gateway_id AND network_id = ANY(@network_ids::text[]);

-- LockAttempts locks attempts in the order of their ids.
-- name: LockAttempts :many
SELECT id, state, campaign_id, step, item, parts, reason, tries
FROM attempt
WHERE company_id = @company_id AND id = ANY(@ids::uuid[])
ORDER BY id
FOR UPDATE;

-- EndParts stores the final status of parts that have none yet and returns
-- those; the attempts are locked.
-- name: EndParts :many
UPDATE receipt_key k SET status = x.status
FROM (SELECT unnest(@network_ids::text[]) AS network_id, unnest(@statuses::text[]) AS status) AS x
WHERE k.gateway_id = @gateway_id AND k.network_id = x.network_id AND k.company_id = @company_id AND k.status = ''
RETURNING k.attempt_id, k.part, k.status, k.network_id;

-- PartsOf is how the parts of attempts ended so far.
-- name: PartsOf :many
SELECT attempt_id, status, count(*)::int AS parts
FROM receipt_key
WHERE company_id = @company_id AND attempt_id = ANY(@attempt_ids::uuid[])
GROUP BY attempt_id, status;

-- EndAttempts stores what became of attempts.
-- name: EndAttempts :exec
UPDATE attempt a SET state = x.state, reason = x.reason, detail = x.detail, done_at = @now::timestamptz
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@states::text[]) AS state, unnest(@reasons::text[]) AS reason, unnest(@details::text[]) AS detail
) AS x
WHERE a.company_id = @company_id AND a.id = x.id;

-- name: InsertEarly :exec
INSERT INTO early_receipt (gateway_id, network_id, status, code, at)
SELECT @gateway_id, x.network_id, x.status, x.code, @now
FROM (SELECT unnest(@network_ids::text[]) AS network_id, unnest(@statuses::text[]) AS status, unnest(@codes::text[]) AS code) AS x
ON CONFLICT (gateway_id, network_id) DO NOTHING;

-- EarlyKnown are early receipts whose parts are known by now.
-- name: EarlyKnown :many
-- any company: receipts on the platform's gateways come without one.
SELECT e.network_id, e.status, e.code
FROM early_receipt e
JOIN receipt_key k ON k.gateway_id = e.gateway_id AND k.network_id = e.network_id
WHERE e.gateway_id = @gateway_id
LIMIT @most;

-- name: DeleteEarly :exec
DELETE FROM early_receipt WHERE gateway_id = @gateway_id AND network_id = ANY(@network_ids::text[]);

-- Silent are attempts about which their network has said nothing for too long.
-- name: Silent :many
-- any company: a sweep over all.
SELECT DISTINCT company_id, attempt_id
FROM receipt_key
WHERE at < @before::timestamptz AND status = ''
LIMIT @most;

-- EndSilentParts gives parts a status when their network never will.
-- name: EndSilentParts :many
UPDATE receipt_key SET status = 'unknown'
WHERE company_id = @company_id AND attempt_id = ANY(@attempt_ids::uuid[]) AND status = ''
RETURNING attempt_id, part, status, network_id;

-- name: ForgetKeys :execrows
-- any company: keys are of no use once their time is over.
DELETE FROM receipt_key WHERE at < @before::timestamptz AND status <> '';

-- name: ForgetEarly :execrows
-- any company: receipts that nobody waits for.
DELETE FROM early_receipt WHERE at < @before::timestamptz;
