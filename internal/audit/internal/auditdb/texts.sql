-- What texts cost and how campaigns are counted. As in checks.sql each
-- statement returns
--   company_id, subject, expected, found

-- Each part of a text is held while it may still go either way, and was
-- captured or released as the text ended; nothing else is billed as a text.
-- What was sent and not ended may have parts of both kinds. Usage older than
-- the oldest attempt may outlive it.
-- name: texts count
WITH part AS (
    SELECT a.company_id, a.item, a.state, a.parts,
        encode(set_byte(uuid_send(a.id), 15, get_byte(uuid_send(a.id), 15) # n), 'hex')::uuid AS reference
    FROM attempt a, generate_series(0, a.parts - 1) AS n
    WHERE a.item <> ''
), billed AS (
    SELECT company_id, reference, item, count(*) FILTER (WHERE phase = 'held') AS held,
        count(*) FILTER (WHERE phase = 'captured') AS captured, count(*) FILTER (WHERE phase = 'released') AS released
    FROM usage
    WHERE (item LIKE 'sms.%' OR item LIKE 'email.%') AND reference >= (SELECT encode(set_byte(uuid_send(id), 15, 0), 'hex')::uuid FROM attempt ORDER BY id LIMIT 1)
    GROUP BY 1, 2, 3
)
SELECT company_id, format('%s part %s, %s', x.subject, reference, item), x.expected::bigint, x.found::bigint
FROM part p
FULL JOIN billed u USING (company_id, reference, item),
LATERAL (VALUES
    ('held', (p.reference IS NOT NULL)::int, coalesce(u.held, 0)),
    ('captured', CASE
        WHEN p.state IN ('delivered', 'read', 'clicked') THEN 1
        WHEN p.state IN ('sent', 'undelivered', 'expired', 'rejected') AND (p.parts > 1 OR p.state = 'sent' AND item NOT LIKE '%.sent_%') THEN coalesce(u.captured, 0)
        WHEN p.state = 'sent' OR p.state IN ('undelivered', 'expired', 'rejected') AND item LIKE '%.sent_%' THEN greatest(coalesce(u.captured, 0), (p.state = 'sent')::int)
        ELSE 0 END, coalesce(u.captured, 0)),
    ('open', CASE
        WHEN p.state IN ('scheduled', 'queued') THEN 1
        WHEN p.state = 'sent' THEN coalesce(u.held - u.captured - u.released, 0)
        ELSE 0 END, coalesce(u.held - u.captured - u.released, 0))
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- What waits for a gateway is queued, and what is queued waits.
-- name: outgoing count
SELECT company_id, format('attempt %s', id), (a.id IS NOT NULL)::int::bigint, (o.id IS NOT NULL)::int::bigint
FROM (SELECT company_id, id FROM attempt WHERE state IN ('scheduled', 'queued')) AS a
FULL JOIN outgoing o USING (company_id, id)
WHERE a.id IS NULL OR o.id IS NULL
ORDER BY 1, 2;

-- Counts of campaigns are what their attempts are, and each recipient before
-- the campaign's place has one attempt at its first step.
-- name: campaigns count
WITH counted AS (
    SELECT company_id, campaign_id, step, CASE state WHEN 'scheduled' THEN 'queued' ELSE state END AS state,
        CASE WHEN state IN ('scheduled', 'queued') THEN '' ELSE reason END AS reason, count(*) AS attempts
    FROM attempt
    WHERE campaign_id IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
), place AS (
    SELECT c.company_id, c.id, c.next, c.total, count(a.id) AS attempts, count(DISTINCT a.recipient_n) AS recipients
    FROM campaign c
    LEFT JOIN attempt a ON a.company_id = c.company_id AND a.campaign_id = c.id AND a.step = 0
    GROUP BY 1, 2, 3, 4
)
SELECT company_id, format('%s %s of campaign %s, step %s', state, reason, campaign_id, step), coalesce(a.attempts, 0), coalesce(c.attempts, 0)
FROM counted a
FULL JOIN campaign_count c USING (company_id, campaign_id, step, state, reason)
WHERE coalesce(a.attempts, 0) <> coalesce(c.attempts, 0)
UNION ALL
SELECT company_id, format('%s of campaign %s', x.subject, id), x.expected, x.found
FROM place,
LATERAL (VALUES ('attempts', next::bigint, attempts), ('recipients', next::bigint, recipients)) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;
