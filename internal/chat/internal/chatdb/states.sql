-- name: UnreadOfUser :many
SELECT h.company_id, count(*)::int AS dialogs
FROM membership m
JOIN dialog_head h ON h.company_id = m.company_id AND h.operator_id = m.user_id
WHERE m.user_id = @user_id AND h.state = 'open' AND h.unread > 0
GROUP BY h.company_id;

-- name: OperatorStates :many
SELECT user_id, state FROM operator WHERE company_id = @company_id AND state <> 'offline';
