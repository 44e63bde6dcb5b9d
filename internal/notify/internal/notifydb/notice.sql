-- name: InsertNotice :execrows
-- Makes a notice once per fact and kind; no row when it was made already.
INSERT INTO notice (company_id, id, kind, fact, args, at)
VALUES (@company_id, @id, @kind, @fact, @args, @at)
ON CONFLICT (company_id, fact, kind) DO NOTHING;

-- name: Notices :many
-- The notices of some kinds, newest first, after the one that a page ended
-- with. What is as old as @news counts as read, so that a newcomer does not
-- begin with the news of last month.
SELECT n.id, n.kind, n.args, n.at,
    (n.at <= @news OR EXISTS (SELECT FROM notice_read r
        WHERE r.company_id = n.company_id AND r.user_id = @user_id AND r.notice_id = n.id))::boolean AS read
FROM notice n
WHERE n.company_id = @company_id AND n.kind = ANY (@kinds::text[])
  AND (sqlc.narg('after')::uuid IS NULL OR n.id < sqlc.narg('after'))
ORDER BY n.id DESC
LIMIT @max_rows;

-- name: CountUnread :one
-- Counts no further than @most.
SELECT count(*)::int FROM (
    SELECT FROM notice n
    WHERE n.company_id = @company_id AND n.kind = ANY (@kinds::text[]) AND n.at > @news
      AND NOT EXISTS (SELECT FROM notice_read r
        WHERE r.company_id = n.company_id AND r.user_id = @user_id AND r.notice_id = n.id)
    LIMIT @most) u;

-- name: VisibleNotices :many
-- Those of the named notices that are there and of the kinds.
SELECT id FROM notice WHERE company_id = @company_id AND id = ANY (@ids::uuid[]) AND kind = ANY (@kinds::text[]);

-- name: ReadNotices :execrows
INSERT INTO notice_read (company_id, user_id, notice_id)
SELECT @company_id, @user_id, unnest(@ids::uuid[])
ON CONFLICT DO NOTHING;

-- name: ReadAllNotices :execrows
INSERT INTO notice_read (company_id, user_id, notice_id)
SELECT n.company_id, @user_id, n.id FROM notice n
WHERE n.company_id = @company_id AND n.kind = ANY (@kinds::text[]) AND n.at > @news
ON CONFLICT DO NOTHING;

-- name: ForgetNotices :exec
-- any company: retention is the same for all
DELETE FROM notice WHERE at < @before;
