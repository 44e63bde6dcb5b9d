-- name: ByID :one
SELECT sqlc.embed(a), coalesce(t.subject, '')::text AS subject, coalesce(t.body, '')::text AS body, coalesce(t.html, '')::text AS html,
    (o.claimed_at IS NOT NULL)::boolean AS sending
FROM attempt a
LEFT JOIN attempt_text t ON t.company_id = a.company_id AND t.id = a.id
LEFT JOIN outgoing o ON o.company_id = a.company_id AND o.id = a.id
WHERE a.company_id = @company_id AND a.id = @id;

-- PartsByAttempt lists the parts of an attempt with their names on the network.
-- name: PartsByAttempt :many
SELECT network_id, part, status FROM receipt_key WHERE company_id = @company_id AND attempt_id = @attempt_id ORDER BY part;

-- CancelAttempts stops attempts that were not handed over.
-- name: CancelAttempts :exec
UPDATE attempt SET state = 'cancelled', done_at = @now::timestamptz
WHERE company_id = @company_id AND id = ANY(@ids::uuid[]);

-- LockOutgoing says whether an attempt waits in the queue and whether it is claimed.
-- name: LockOutgoing :one
SELECT (claimed_at IS NOT NULL)::boolean AS claimed FROM outgoing WHERE company_id = @company_id AND id = @id FOR UPDATE;
