-- Claim takes what is due on a gateway, single messages first. It is committed
-- before the network is spoken to.
-- name: Claim :many
-- any company: a gateway serves them all.
WITH due AS (
    SELECT o.company_id, o.id
    FROM outgoing o
    WHERE o.gateway_id = @gateway_id AND o.claimed_at IS NULL AND o.due_at <= @now
    ORDER BY o.lane, o.due_at
    LIMIT @most
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE outgoing o SET claimed_at = @now
    FROM due
    WHERE o.company_id = due.company_id AND o.id = due.id
    RETURNING o.company_id, o.id
)
SELECT a.company_id, a.id, a.channel, a.sender, a.recipient, a.campaign_id, a.recipient_n, a.step, a.item, a.parts, a.tries, a.resend, a.expires_at,
    coalesce(t.subject, '')::text AS subject, coalesce(t.body, '')::text AS body, coalesce(t.html, '')::text AS html,
    coalesce(r.variables, '{}')::jsonb AS variables
FROM claimed c
JOIN attempt a ON a.company_id = c.company_id AND a.id = c.id
LEFT JOIN attempt_text t ON t.company_id = c.company_id AND t.id = c.id
LEFT JOIN campaign_recipient r ON r.company_id = a.company_id AND r.campaign_id = a.campaign_id AND r.n = a.recipient_n
ORDER BY a.id;

-- Unfinished is what a former owner of a gateway had claimed and left.
-- name: Unfinished :many
-- any company: a gateway serves them all.
SELECT a.company_id, a.id, a.channel, a.campaign_id, a.step, a.item, a.parts, a.tries, a.resend, a.expires_at
FROM outgoing o
JOIN attempt a ON a.company_id = o.company_id AND a.id = o.id
WHERE o.gateway_id = @gateway_id AND o.claimed_at IS NOT NULL
ORDER BY a.company_id, a.id
LIMIT @most;

-- TakeOut takes attempts off the queue and returns those that were still in
-- it: what another owner has finished meanwhile is not ours any more.
-- name: TakeOut :many
DELETE FROM outgoing WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) RETURNING id;

-- LockClaimed locks what of the attempts is still claimed.
-- name: LockClaimed :many
SELECT id FROM outgoing
WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) AND claimed_at IS NOT NULL
ORDER BY id
FOR UPDATE;

-- SameTry says which attempts nobody has tried meanwhile.
-- name: SameTry :many
SELECT a.id
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@tries::smallint[]) AS tries) AS x
JOIN attempt a ON a.company_id = @company_id AND a.id = x.id AND a.tries = x.tries;

-- PutBack queues attempts again for another try.
-- name: PutBack :exec
UPDATE outgoing o SET claimed_at = NULL, due_at = x.due_at
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@due_ats::timestamptz[]) AS due_at) AS x
WHERE o.company_id = @company_id AND o.id = x.id;

-- FinishTry stores what a network answered.
-- name: FinishTry :exec
UPDATE attempt a SET
    state = x.state, reason = x.reason, detail = x.detail, tries = a.tries + 1,
    sent_at = CASE WHEN x.state = 'sent' THEN @now::timestamptz ELSE a.sent_at END,
    done_at = CASE WHEN x.state NOT IN ('sent', 'queued') THEN @now::timestamptz ELSE a.done_at END
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@states::text[]) AS state, unnest(@reasons::text[]) AS reason, unnest(@details::text[]) AS detail
) AS x
WHERE a.company_id = @company_id AND a.id = x.id;

-- InsertReceiptKeys leaves out names that are taken.
-- name: InsertReceiptKeys :execrows
INSERT INTO receipt_key (gateway_id, network_id, company_id, attempt_id, part, status, at)
SELECT @gateway_id, x.network_id, @company_id, x.attempt_id, x.part, x.status, @now
FROM (
    SELECT unnest(@network_ids::text[]) AS network_id, unnest(@attempt_ids::uuid[]) AS attempt_id,
        unnest(@parts::smallint[]) AS part, unnest(@statuses::text[]) AS status
) AS x
ON CONFLICT (gateway_id, network_id) DO NOTHING;

-- FreeNames takes names from the parts that had them so far: a network that
-- uses a name again tells nothing about the earlier part any more, which goes
-- on without one.
-- name: FreeNames :exec
-- any company: a name on a gateway may have been anybody's.
UPDATE receipt_key SET network_id = '- ' || attempt_id || ' ' || part
WHERE gateway_id = @gateway_id AND network_id = ANY(@network_ids::text[]) AND attempt_id <> ALL(@attempt_ids::uuid[]);

-- CountStates moves attempts of campaigns between states.
-- name: CountStates :exec
INSERT INTO campaign_count AS c (company_id, campaign_id, step, state, reason, attempts)
SELECT @company_id, x.campaign_id, x.step, x.state, x.reason, x.attempts
FROM (
    SELECT unnest(@campaign_ids::uuid[]) AS campaign_id, unnest(@steps::smallint[]) AS step, unnest(@states::text[]) AS state,
        unnest(@reasons::text[]) AS reason, unnest(@attempts::bigint[]) AS attempts
) AS x
ORDER BY x.campaign_id, x.step, x.state, x.reason
ON CONFLICT (company_id, campaign_id, step, state, reason) DO UPDATE SET attempts = c.attempts + excluded.attempts;

-- Overdue are attempts that waited for their gateway until their time was over.
-- name: Overdue :many
-- any company: a sweep over all.
SELECT a.company_id, a.id, a.channel, a.campaign_id, a.step, a.item, a.parts, a.tries, a.resend, a.expires_at
FROM outgoing o
JOIN attempt a ON a.company_id = o.company_id AND a.id = o.id
WHERE o.claimed_at IS NULL AND o.due_at <= @now AND a.expires_at <= @now
ORDER BY a.company_id, a.id
LIMIT @most
FOR UPDATE OF o SKIP LOCKED;

-- Withdraw takes attempts of a stopped campaign off the queue.
-- name: Withdraw :many
DELETE FROM outgoing o
WHERE o.company_id = @company_id AND o.claimed_at IS NULL AND o.lane = 1
  AND o.id IN (
    SELECT a.id FROM attempt a
    WHERE a.company_id = @company_id AND a.campaign_id = @campaign_id AND a.state = 'queued'
    ORDER BY a.id LIMIT @most)
RETURNING o.id;

-- WithAnything left to withdraw from.
-- name: StoppedCampaigns :many
-- any company: a sweep over all.
SELECT c.company_id, c.id FROM campaign c
WHERE c.state = 'stopped' AND EXISTS (
    SELECT FROM campaign_count n WHERE n.company_id = c.company_id AND n.campaign_id = c.id AND n.state = 'queued' AND n.attempts > 0);
