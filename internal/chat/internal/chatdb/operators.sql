-- name: EnsureOperator :exec
INSERT INTO operator (company_id, user_id, state, since) VALUES (@company_id, @user_id, 'offline', @at)
ON CONFLICT (company_id, user_id) DO NOTHING;

-- name: Operators :many
SELECT * FROM operator WHERE company_id = @company_id AND user_id = ANY (@user_ids::bigint[]);

-- name: OperatorByID :one
SELECT * FROM operator WHERE company_id = @company_id AND user_id = @user_id;

-- Locked in the order of ids; see LockDialogs. Dialogs are locked before
-- operators.
-- name: LockOperators :many
SELECT * FROM operator WHERE company_id = @company_id AND user_id = ANY (@user_ids::bigint[]) ORDER BY user_id FOR NO KEY UPDATE;

-- Takes a place, unless the operator has none: no row comes back then.
-- name: TakePlace :one
UPDATE operator SET open = open + 1, last_assigned_at = @at::timestamptz
WHERE company_id = @company_id AND user_id = @user_id AND open < @max_open::int
RETURNING *;

-- TakePlace for several operators, who are locked, and several places each.
-- name: TakePlaces :many
UPDATE operator o SET open = o.open + n.places, last_assigned_at = @at::timestamptz
FROM (SELECT unnest(@users::bigint[]) AS user_id, unnest(@places::int[]) AS places, unnest(@max_open::int[]) AS max_open) n
WHERE o.company_id = @company_id AND o.user_id = n.user_id AND o.open + n.places <= n.max_open
RETURNING o.*;

-- name: FreePlace :one
UPDATE operator SET open = open - 1
WHERE company_id = @company_id AND user_id = @user_id AND open > 0
RETURNING *;

-- name: SetOperatorState :one
UPDATE operator SET state = @state, since = CASE WHEN state = @state THEN since ELSE @at::timestamptz END,
    seen_at = CASE WHEN @state = 'offline' THEN seen_at ELSE @at::timestamptz END
WHERE company_id = @company_id AND user_id = @user_id
RETURNING *;

-- Skips rows that are locked: their heartbeat comes ten seconds later.
-- name: Seen :exec
-- any company: one statement for all of a node
UPDATE operator SET seen_at = @at::timestamptz
WHERE (company_id, user_id) IN (
    SELECT o.company_id, o.user_id
    FROM (SELECT unnest(@companies::bigint[]) AS company_id, unnest(@users::bigint[]) AS user_id) n
    JOIN operator o ON o.company_id = n.company_id AND o.user_id = n.user_id
    WHERE o.state <> 'offline'
    ORDER BY o.company_id, o.user_id
    FOR NO KEY UPDATE OF o SKIP LOCKED
);

-- name: LeaveUnseen :many
-- any company: the sweeper takes those offline whose last tab is gone
UPDATE operator SET state = 'offline', since = @at::timestamptz
WHERE (company_id, user_id) IN (
    SELECT o.company_id, o.user_id FROM operator o
    WHERE o.state <> 'offline' AND o.seen_at < @unseen_since::timestamptz
    ORDER BY o.company_id, o.user_id
    FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING *;

-- Sessions that a user had last and that were closed in a span of time.
-- name: Figures :one
SELECT
    (count(*) FILTER (WHERE closed_at >= @day_start::timestamptz))::int AS closed_today,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_answer_at - first_contact_at))
        FILTER (WHERE first_answer_at >= first_contact_at), -1)::float8 AS first_answer_median_s,
    (count(*) FILTER (WHERE first_answer_at >= first_contact_at))::int AS first_answers,
    (count(*) FILTER (WHERE first_answer_at >= first_contact_at
        AND first_answer_at - first_contact_at <= first_target_s * interval '1 second'))::int AS first_in_time,
    coalesce(sum(next_answers), 0)::int AS next_answers,
    coalesce(sum(next_in_time), 0)::int AS next_in_time
FROM session
WHERE company_id = @company_id AND operator_id = @operator_id::bigint AND state = 'closed' AND closed_at >= @month_start::timestamptz
    AND NOT spam;
