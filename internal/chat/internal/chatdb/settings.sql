-- name: InsertChat :exec
INSERT INTO chat (company_id, id, number, name, sharing, sticky, lifetime_hours, operator_idle_minutes, first_target_s, next_target_s,
    busy_text, closing_results, result_required, operator_name_shown, languages, look, greet_on_open, created_at)
VALUES (@company_id, @id, @number, @name, @sharing, @sticky, @lifetime_hours, @operator_idle_minutes, @first_target_s, @next_target_s,
    @busy_text, @closing_results, @result_required, @operator_name_shown, @languages, @look, @greet_on_open, @created_at);

-- name: UpdateChat :exec
UPDATE chat
SET name = @name, sharing = @sharing, sticky = @sticky, lifetime_hours = @lifetime_hours, operator_idle_minutes = @operator_idle_minutes,
    first_target_s = @first_target_s, next_target_s = @next_target_s, busy_text = @busy_text, closing_results = @closing_results,
    result_required = @result_required, operator_name_shown = @operator_name_shown, languages = @languages, look = @look, greet_on_open = @greet_on_open,
    version = version + 1
WHERE company_id = @company_id AND id = @id;

-- name: ArchiveChat :exec
UPDATE chat SET state = 'archived', version = version + 1 WHERE company_id = @company_id AND id = @id;

-- name: LockChat :one
SELECT * FROM chat WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: ChatByID :one
SELECT * FROM chat WHERE company_id = @company_id AND id = @id;

-- name: ListChats :many
SELECT * FROM chat
WHERE company_id = @company_id AND (state = 'archived', number) > (@after_archived::bool, @after_number::bigint)
ORDER BY (state = 'archived'), number LIMIT @max_rows;

-- name: LinkConnection :exec
INSERT INTO chat_connection (company_id, connection_id, chat_id) VALUES (@company_id, @connection_id, @chat_id);

-- name: ConnectionsOfChats :many
SELECT chat_id, connection_id FROM chat_connection
WHERE company_id = @company_id AND chat_id = ANY (@chat_ids::uuid[]) ORDER BY connection_id;

-- name: UnlinkGroups :exec
DELETE FROM chat_group WHERE company_id = @company_id AND chat_id = @chat_id;

-- name: LinkGroups :exec
INSERT INTO chat_group (company_id, chat_id, group_id, position)
SELECT @company_id::bigint, @chat_id::uuid, g.id, g.position
FROM unnest(@group_ids::uuid[]) WITH ORDINALITY AS g (id, position);

-- name: GroupsOfChat :many
SELECT group_id FROM chat_group WHERE company_id = @company_id AND chat_id = @chat_id ORDER BY position;

-- name: LinkedGroups :many
SELECT chat_id, group_id FROM chat_group
WHERE company_id = @company_id AND chat_id = ANY (@chat_ids::uuid[]) ORDER BY chat_id, position;

-- Locked against being archived until the chat that takes them is stored.
-- name: LiveGroups :many
SELECT id FROM operator_group
WHERE company_id = @company_id AND id = ANY (@ids::uuid[]) AND archived_at IS NULL
ORDER BY id FOR SHARE;

-- name: InsertGroup :exec
INSERT INTO operator_group (company_id, id, name, sharing, first_target_s, next_target_s, created_at)
VALUES (@company_id, @id, @name, @sharing, @first_target_s, @next_target_s, @created_at);

-- name: UpdateGroup :exec
UPDATE operator_group SET name = @name, sharing = @sharing, first_target_s = @first_target_s, next_target_s = @next_target_s
WHERE company_id = @company_id AND id = @id;

-- name: LockGroup :one
SELECT * FROM operator_group WHERE company_id = @company_id AND id = @id AND archived_at IS NULL FOR UPDATE;

-- name: ListGroups :many
SELECT * FROM operator_group
WHERE company_id = @company_id AND archived_at IS NULL AND (lower(name), id) > (lower(@after_name::text), @after_id::uuid)
ORDER BY lower(name), id LIMIT @max_rows;

-- name: ArchiveGroup :exec
UPDATE operator_group SET archived_at = @at WHERE company_id = @company_id AND id = @id;

-- name: ChatsOfGroup :many
SELECT c.id, c.name FROM chat_group g
JOIN chat c ON c.company_id = g.company_id AND c.id = g.chat_id
WHERE g.company_id = @company_id AND g.group_id = @group_id AND c.state = 'active'
ORDER BY c.number;

-- name: CountWaitingFor :one
SELECT count(*) FROM session WHERE company_id = @company_id AND group_id = @group_id AND state = 'queued';

-- name: RemoveMembers :exec
DELETE FROM group_member WHERE company_id = @company_id AND group_id = @group_id AND user_id <> ALL (@keep::bigint[]);

-- name: AddMembers :exec
INSERT INTO group_member (company_id, group_id, user_id)
SELECT @company_id::bigint, @group_id::uuid, unnest(@user_ids::bigint[])
ON CONFLICT DO NOTHING;

-- name: MembersOfGroups :many
SELECT m.group_id, m.user_id, coalesce(o.state, 'offline') AS state
FROM group_member m
LEFT JOIN operator o ON o.company_id = m.company_id AND o.user_id = m.user_id
WHERE m.company_id = @company_id AND m.group_id = ANY (@group_ids::uuid[])
ORDER BY m.group_id, m.user_id;

-- name: InsertQuickReply :exec
INSERT INTO quick_reply (company_id, id, user_id, folder, title, text, created_at)
VALUES (@company_id, @id, @user_id, @folder, @title, @text, @created_at);

-- name: UpdateQuickReply :exec
UPDATE quick_reply SET user_id = @user_id, folder = @folder, title = @title, text = @text
WHERE company_id = @company_id AND id = @id;

-- name: DeleteQuickReply :exec
DELETE FROM quick_reply WHERE company_id = @company_id AND id = @id;

-- Another's personal one is not there.
-- name: LockQuickReply :one
SELECT * FROM quick_reply
WHERE company_id = @company_id AND id = @id AND (user_id IS NULL OR user_id = @user_id::bigint)
FOR UPDATE;

-- name: CountQuickReplies :one
SELECT count(*) FROM quick_reply WHERE company_id = @company_id AND user_id IS NOT DISTINCT FROM sqlc.narg('user_id')::bigint;

-- name: ListQuickReplies :many
SELECT * FROM quick_reply
WHERE company_id = @company_id AND (user_id IS NULL OR user_id = @user_id::bigint)
    AND (@words::text = '' OR position(lower(@words) IN lower(title)) > 0 OR position(lower(@words) IN lower(text)) > 0)
    AND (sqlc.narg('folder')::text IS NULL OR folder = sqlc.narg('folder'))
    AND (lower(folder), lower(title), id) > (lower(@after_folder::text), lower(@after_title::text), @after_id::uuid)
ORDER BY lower(folder), lower(title), id LIMIT @max_rows;
