-- InsertAttempts stores attempts of one company that were accepted together.
-- name: InsertAttempts :exec
INSERT INTO attempt (company_id, id, channel, gateway_company, gateway_id, sender, recipient, campaign_id, recipient_n, step,
    country, network, item, parts, state, resend, external_id, created_by, created_at, due_at, expires_at)
SELECT @company_id, x.id, x.channel, x.gateway_company, x.gateway_id, x.sender, x.recipient, sqlc.narg(campaign_id),
    CASE WHEN sqlc.narg(campaign_id)::uuid IS NOT NULL THEN x.recipient_n END, @step,
    x.country, x.network, x.item, x.parts, x.state, x.resend, x.external_id, sqlc.narg(created_by), @created_at, x.due_at, x.expires_at
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@channels::text[]) AS channel, unnest(@gateway_companies::bigint[]) AS gateway_company,
        unnest(@gateway_ids::uuid[]) AS gateway_id, unnest(@senders::text[]) AS sender, unnest(@recipients::text[]) AS recipient,
        unnest(@recipient_ns::int[]) AS recipient_n, unnest(@countries::text[]) AS country, unnest(@networks::text[]) AS network,
        unnest(@items::text[]) AS item, unnest(@parts::smallint[]) AS parts, unnest(@states::text[]) AS state, unnest(@resends::boolean[]) AS resend,
        unnest(@external_ids::text[]) AS external_id, unnest(@due_ats::timestamptz[]) AS due_at, unnest(@expires_ats::timestamptz[]) AS expires_at
) AS x;

-- name: InsertTexts :exec
INSERT INTO attempt_text (company_id, id, subject, body, html)
SELECT @company_id, x.id, x.subject, x.body, x.html
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@subjects::text[]) AS subject, unnest(@bodies::text[]) AS body, unnest(@htmls::text[]) AS html
) AS x;

-- name: InsertOutgoing :exec
INSERT INTO outgoing (company_id, id, gateway_id, lane, due_at)
SELECT @company_id, x.id, x.gateway_id, @lane, x.due_at
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@gateway_ids::uuid[]) AS gateway_id, unnest(@due_ats::timestamptz[]) AS due_at) AS x;
