-- Each statement finds differences of one kind and returns
--   company_id, subject, expected, found
-- with amounts in millionths. They run one after the other in one snapshot.

-- What companies can spend equals what their books say, less what is charged
-- and not posted.
-- name: wallet amount
WITH unposted AS (
    SELECT u.company_id,
        sum(CASE u.phase WHEN 'captured' THEN u.amount - u.bonus ELSE u.bonus - u.amount END) AS own,
        sum(CASE u.phase WHEN 'captured' THEN u.bonus ELSE -u.bonus END) AS bonus
    FROM (
        SELECT company_id, batch_id FROM wallet WHERE batch_id IS NOT NULL
        UNION SELECT company_id, batch_id FROM pending_batch
    ) AS b
    JOIN usage u ON u.company_id = b.company_id AND u.batch_id = b.batch_id
    GROUP BY u.company_id
), has AS (
    SELECT company_id, sum(available + held) AS own, sum(bonus + bonus_held) AS bonus FROM wallet GROUP BY company_id
)
SELECT company_id, x.subject, x.expected::bigint, x.found::bigint
FROM book
FULL JOIN has USING (company_id)
LEFT JOIN unposted USING (company_id),
LATERAL (VALUES
    ('own money', coalesce(book.balance, 0) - coalesce(unposted.own, 0), coalesce(has.own, 0)),
    ('welcome credit', coalesce(book.bonus, 0) - coalesce(unposted.bonus, 0), coalesce(has.bonus, 0))
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY company_id;

-- What wallets hold is held for something that is still open.
-- name: held amount
WITH open AS (
    SELECT u.company_id, sum(u.amount - u.bonus) AS own, sum(u.bonus) AS bonus
    FROM usage u
    WHERE u.phase = 'held' AND NOT EXISTS (
        SELECT FROM usage e
        WHERE e.company_id = u.company_id AND e.reference = u.reference AND e.item = u.item AND e.phase IN ('captured', 'released'))
    GROUP BY u.company_id
), has AS (
    SELECT company_id, sum(held) AS own, sum(bonus_held) AS bonus FROM wallet GROUP BY company_id
)
SELECT company_id, x.subject, x.expected::bigint, x.found::bigint
FROM has
FULL JOIN open USING (company_id),
LATERAL (VALUES
    ('own money', coalesce(open.own, 0), coalesce(has.own, 0)),
    ('welcome credit', coalesce(open.bonus, 0), coalesce(has.bonus, 0))
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY company_id;

-- A wallet has the stripes it says, on one side of zero, its own seller, and
-- the state that its seller is in.
-- name: stripes count
SELECT w.company_id, 'stripes', min(w.stripes)::bigint, count(*)
FROM wallet w
GROUP BY w.company_id
HAVING count(*) <> min(w.stripes) OR count(*) <> max(w.stripes) OR max(w.stripe) + 1 <> count(*)
UNION ALL
SELECT w.company_id, 'stripes on both sides of zero', 0, count(*)
FROM wallet w
GROUP BY w.company_id
HAVING min(w.available + w.credit + w.bonus) < 0 AND max(w.available + w.credit + w.bonus) > 0
UNION ALL
SELECT w.company_id, 'seller_suspended of stripe ' || w.stripe, b.suspended::int, w.seller_suspended::int
FROM wallet w
LEFT JOIN book b ON b.company_id = w.reseller_id
WHERE w.seller_suspended <> coalesce(b.suspended, false)
UNION ALL
SELECT w.company_id, 'reseller of stripe ' || w.stripe, coalesce(seller.id, 0), coalesce(w.reseller_id, 0)
FROM wallet w
JOIN company c ON c.id = w.company_id
LEFT JOIN company seller ON seller.id = c.parent_id AND seller.kind = 'reseller'
WHERE w.reseller_id IS DISTINCT FROM seller.id
ORDER BY 1, 2;

-- The head of a book is what its entries add up to.
-- name: book amount
WITH sums AS (
    SELECT company_id, count(number) AS entries,
        sum(CASE WHEN number IS NULL THEN 0 WHEN debit = 'wallet' THEN amount WHEN credit = 'wallet' THEN -amount ELSE 0 END) AS balance,
        sum(CASE WHEN number IS NULL THEN 0 WHEN debit = 'bonus' THEN amount WHEN credit = 'bonus' THEN -amount ELSE 0 END) AS bonus,
        sum(CASE WHEN number IS NULL OR origin_id = company_id OR kind NOT IN ('charge', 'refund') THEN 0
            WHEN credit = 'bonus' THEN amount WHEN debit = 'bonus' THEN -amount ELSE 0 END) AS wholesale_bonus
    FROM entry
    GROUP BY company_id
)
SELECT company_id, x.subject, x.expected::bigint, x.found::bigint
FROM book
FULL JOIN sums USING (company_id),
LATERAL (VALUES
    ('balance', coalesce(sums.balance, 0), coalesce(book.balance, 0)),
    ('welcome credit', coalesce(sums.bonus, 0), coalesce(book.bonus, 0)),
    ('welcome credit spent for dependents', coalesce(sums.wholesale_bonus, 0), coalesce(book.wholesale_bonus, 0)),
    ('number of entries', coalesce(sums.entries, 0), coalesce(book.entries, 0))
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY company_id;

-- Each entry says the balance that follows from the one before, without gaps,
-- and never of an earlier time.
-- name: running_balance amount
WITH line AS (
    SELECT company_id, number, balance_after, at,
        CASE WHEN debit IN ('wallet', 'bonus') THEN amount ELSE -amount END AS amount,
        lag(number, 1, 0::bigint) OVER w AS number_before, lag(balance_after, 1, 0::bigint) OVER w AS balance_before, lag(at) OVER w AS at_before
    FROM entry
    WHERE number IS NOT NULL
    WINDOW w AS (PARTITION BY company_id ORDER BY number)
)
SELECT company_id, 'entry ' || number, balance_before + amount, balance_after
FROM line
WHERE number <> number_before + 1 OR balance_after <> balance_before + amount OR at < at_before
ORDER BY company_id, number;

-- A company's book says of its own usage what usage says, by batch.
-- name: usage_entries amount
WITH unposted AS (
    SELECT company_id, batch_id FROM wallet WHERE batch_id IS NOT NULL
    UNION SELECT company_id, batch_id FROM pending_batch
), used AS (
    SELECT u.company_id, u.batch_id, u.item, u.period, CASE u.phase WHEN 'captured' THEN 'charge' ELSE 'refund' END AS kind,
        sum(u.amount - u.bonus) AS own, sum(u.bonus) AS bonus,
        CASE WHEN sum(u.amount) > 0 THEN sum(u.quantity) END AS quantity -- what costs nothing has no entry
    FROM usage u
    WHERE u.batch_id IS NOT NULL AND u.seller_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM unposted p WHERE p.company_id = u.company_id AND p.batch_id = u.batch_id)
    GROUP BY 1, 2, 3, 4, 5
), told AS (
    SELECT company_id, batch_id, item, period, kind,
        sum(amount) FILTER (WHERE 'wallet' IN (debit, credit)) AS own, sum(amount) FILTER (WHERE 'bonus' IN (debit, credit)) AS bonus,
        sum(quantity) AS quantity
    FROM entry
    WHERE number IS NOT NULL AND kind IN ('charge', 'refund') AND origin_id = company_id
    GROUP BY 1, 2, 3, 4, 5
)
SELECT company_id, format('%s of batch %s, %s, %s, month %s', x.subject, batch_id, kind, item, period), x.expected::bigint, x.found::bigint
FROM used
FULL JOIN told USING (company_id, batch_id, item, period, kind),
LATERAL (VALUES
    ('own money', coalesce(used.own, 0), coalesce(told.own, 0)),
    ('welcome credit', coalesce(used.bonus, 0), coalesce(told.bonus, 0)),
    ('quantity', coalesce(used.quantity, 0) * 1000000, coalesce(told.quantity, 0) * 1000000)
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- A reseller's book says of its dependents' usage what usage says.
-- name: wholesale_entries amount
WITH unposted AS (
    SELECT company_id, batch_id FROM wallet WHERE batch_id IS NOT NULL
    UNION SELECT company_id, batch_id FROM pending_batch
), used AS (
    SELECT u.seller_id AS company_id, u.company_id AS origin_id, u.batch_id, u.item, u.period,
        CASE u.phase WHEN 'captured' THEN 'charge' ELSE 'refund' END AS kind, sum(u.wholesale_amount) AS amount
    FROM usage u
    WHERE u.batch_id IS NOT NULL AND u.wholesale_seller_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM unposted p WHERE p.company_id = u.company_id AND p.batch_id = u.batch_id)
    GROUP BY 1, 2, 3, 4, 5, 6
), told AS (
    SELECT company_id, origin_id, batch_id, item, period, kind, sum(amount) AS amount
    FROM entry
    WHERE number IS NOT NULL AND kind IN ('charge', 'refund') AND origin_id <> company_id
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT company_id, format('usage of company %s, batch %s, %s, %s, month %s', origin_id, batch_id, kind, item, period),
    coalesce(used.amount, 0)::bigint, coalesce(told.amount, 0)::bigint
FROM used
FULL JOIN told USING (company_id, origin_id, batch_id, item, period, kind)
WHERE coalesce(used.amount, 0) <> coalesce(told.amount, 0)
ORDER BY 1, 2;

-- The seller's book mirrors the buyer's, entry by entry.
-- name: mirror count
WITH account (buyer, seller) AS (
    VALUES ('wallet', 'customers'), ('bonus', 'customer_bonus'), ('services', 'revenue'), ('payments', 'bank'),
        ('gifts', 'promotion'), ('adjustments', 'corrections')
), side AS (
    SELECT e.company_id AS buyer, e.counterparty_id AS seller, e.batch_id, e.kind, c.seller AS debit, d.seller AS credit,
        e.amount, e.currency, e.at, e.period, e.item, e.quantity, e.origin_id, 1 AS of_buyer, 0 AS of_seller
    FROM entry e
    JOIN account d ON d.buyer = e.debit
    JOIN account c ON c.buyer = e.credit
    WHERE e.number IS NOT NULL
    UNION ALL
    SELECT counterparty_id, company_id, batch_id, kind, debit, credit, amount, currency, at, period, item, quantity, origin_id, 0, 1
    FROM entry
    WHERE number IS NULL
)
SELECT buyer AS company_id, format('batch %s, %s of %s against company %s', batch_id, kind, coalesce(item, credit), seller),
    sum(of_buyer), sum(of_seller)
FROM side
GROUP BY buyer, seller, batch_id, kind, debit, credit, amount, currency, at, period, item, quantity, origin_id
HAVING sum(of_buyer) <> sum(of_seller)
ORDER BY 1, 2;

-- Rollups of every grain are the sums of posted usage.
-- name: rollup amount
WITH unposted AS (
    SELECT company_id, batch_id FROM wallet WHERE batch_id IS NOT NULL
    UNION SELECT company_id, batch_id FROM pending_batch
), quarter AS (
    SELECT u.company_id, date_bin('15 minutes', u.at, '2000-01-01 00:00Z') AS bucket, u.item, coalesce(u.seller_id, 0) AS seller_id, u.currency,
        sum(CASE u.phase WHEN 'captured' THEN u.quantity ELSE -u.quantity END) AS quantity,
        sum(CASE u.phase WHEN 'captured' THEN u.amount ELSE -u.amount END) AS amount,
        sum(CASE u.phase WHEN 'captured' THEN coalesce(u.wholesale_amount, 0) ELSE -coalesce(u.wholesale_amount, 0) END) AS wholesale
    FROM usage u
    WHERE u.batch_id IS NOT NULL AND NOT EXISTS (SELECT FROM unposted p WHERE p.company_id = u.company_id AND p.batch_id = u.batch_id)
    GROUP BY 1, 2, 3, 4, 5
), expected AS (
    SELECT q.company_id, g.grain, CASE g.grain WHEN 0 THEN q.bucket ELSE date_trunc(g.unit, q.bucket, 'UTC') END AS bucket,
        q.item, q.seller_id, q.currency, sum(q.quantity) AS quantity, sum(q.amount) AS amount, sum(q.wholesale) AS wholesale
    FROM quarter q, (VALUES (0, 'minute'), (1, 'day'), (2, 'month')) AS g (grain, unit)
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT company_id, format('%s of %s, %s at %s', x.subject, item, (ARRAY['15 minutes', 'day', 'month'])[grain + 1], bucket),
    x.expected::bigint, x.found::bigint
FROM expected e
FULL JOIN usage_rollup r USING (company_id, grain, bucket, item, seller_id, currency),
LATERAL (VALUES
    ('quantity', coalesce(e.quantity, 0) * 1000000, coalesce(r.quantity, 0) * 1000000),
    ('amount', coalesce(e.amount, 0), coalesce(r.amount, 0)),
    ('wholesale amount', coalesce(e.wholesale, 0), coalesce(r.wholesale_amount, 0))
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- Every message that costs money was billed once, as one, at the time at
-- which it was accepted, and nothing else was. What was released is not billed. Usage older than the oldest message may outlive its message.
-- name: messages count
WITH billable AS (
    SELECT m.company_id, m.id, m.at,
        CASE d.channel WHEN 'alice' THEN 'chat.alice_' ELSE 'chat.' END || m.author || '_message' AS item
    FROM message m
    JOIN dialog d ON d.company_id = m.company_id AND d.id = m.dialog_id
    WHERE m.author IN ('contact', 'operator', 'bot') AND m.kind IN ('text', 'file')
), billed AS (
    SELECT company_id, reference AS id, item, max(at) AS at, CASE WHEN bool_or(phase = 'released') THEN 0 ELSE max(quantity) END AS quantity
    FROM usage
    WHERE item LIKE 'chat.%' AND reference >= (SELECT id FROM message ORDER BY id LIMIT 1)
    GROUP BY 1, 2, 3
)
SELECT company_id, format('%smessage %s, %s', x.subject, id, item), x.expected::bigint, x.found::bigint
FROM billable m
FULL JOIN billed u USING (company_id, id, item),
LATERAL (VALUES
    ('', (m.id IS NOT NULL)::int, coalesce(u.quantity, 0)),
    ('microsecond of ', extract(epoch FROM coalesce(m.at, u.at)) * 1000000, extract(epoch FROM coalesce(u.at, m.at)) * 1000000)
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- Of a session marked as spam all that was billed was given back, unless the
-- mark came later than a day after its close, and of other sessions nothing.
-- A refund that is under way is left alone.
-- name: spam count
WITH refunded AS (
    SELECT DISTINCT m.company_id, m.session_id AS id
    FROM usage u
    JOIN message m ON m.company_id = u.company_id AND m.id = u.reference
    WHERE u.phase = 'refunded'
), concerned AS (
    SELECT company_id, id FROM session WHERE spam
    UNION SELECT company_id, id FROM refunded
), sums AS (
    SELECT s.company_id, s.number,
        count(u.reference) FILTER (WHERE u.phase = 'captured') AS captured, count(u.reference) FILTER (WHERE u.phase = 'refunded') AS refunded,
        s.spam AS spam, s.spam AND d.spam_at <= s.closed_at + interval '24 hours'
            AND NOT EXISTS (SELECT FROM session n WHERE n.company_id = s.company_id AND n.dialog_id = s.dialog_id AND n.id > s.id) AS in_time
    FROM concerned c
    JOIN session s ON s.company_id = c.company_id AND s.id = c.id AND s.refund_after IS NULL
    JOIN dialog d ON d.company_id = s.company_id AND d.id = s.dialog_id
    JOIN message m ON m.company_id = s.company_id AND m.session_id = s.id
    JOIN usage u ON u.company_id = m.company_id AND u.reference = m.id
    GROUP BY s.company_id, s.id, d.spam_at
)
SELECT company_id, format('refunds of session %s', number), CASE WHEN spam AND (in_time OR refunded > 0) THEN captured ELSE 0 END, refunded
FROM sums
WHERE CASE WHEN spam AND (in_time OR refunded > 0) THEN captured ELSE 0 END <> refunded
ORDER BY 1, 2;

-- Phases follow each other as they may, with the same amounts.
-- name: phases count
WITH phase AS (
    SELECT company_id, reference, item,
        count(*) FILTER (WHERE phase = 'held') AS held, count(*) FILTER (WHERE phase = 'captured') AS captured,
        count(*) FILTER (WHERE phase = 'released') AS released, count(*) FILTER (WHERE phase = 'refunded') AS refunded,
        count(DISTINCT (amount, bonus, quantity, unit_price, currency, seller_id, price_version, at,
            wholesale_amount, wholesale_unit_price, wholesale_version, wholesale_seller_id,
            country, network, category, position, counted_in)) AS kinds
    FROM usage
    WHERE phase <> 'captured' OR EXISTS (
        SELECT FROM usage o WHERE o.company_id = usage.company_id AND o.reference = usage.reference AND o.item = usage.item AND o.phase <> 'captured')
    GROUP BY company_id, reference, item
)
SELECT company_id, format('usage of %s, %s', reference, item), 1, kinds
FROM phase
WHERE kinds <> 1 OR captured + released > 1 OR released > held OR refunded > captured
ORDER BY 1, 2;

-- Frozen prices are those of the version they name, for the destination and the
-- place in the month that are frozen with them, and that version held for the
-- buyer then. What a reseller pays for its companies is the price from 0.
-- A monthly fee is that price for the paid days of its month, half to even.
-- name: prices amount
WITH level AS (
    SELECT company_id, company_id AS buyer_id, seller_id, price_version AS version_id, item, unit_price, quantity, amount, at,
        country, network, category, coalesce(position, -1) AS position, reference
    FROM usage
    WHERE seller_id IS NOT NULL
    UNION ALL
    SELECT company_id, seller_id, wholesale_seller_id, wholesale_version, item, wholesale_unit_price, quantity, wholesale_amount, at,
        country, network, category, -1, reference
    FROM usage
    WHERE wholesale_seller_id IS NOT NULL
), used AS (
    SELECT l.company_id, buyer_id, seller_id, version_id, l.item, unit_price, quantity, amount, country, network, category, position,
        coalesce(f.days, 1) AS days, coalesce(f.of_days, 1) AS of_days, min(at) AS first, max(at) AS last
    FROM level l
    LEFT JOIN fee f ON f.company_id = l.company_id AND f.reference = l.reference AND f.item = l.item
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
), assigned AS (
    SELECT company_id AS seller_id, buyer_id, list_id, valid_from,
        coalesce(lead(valid_from) OVER (PARTITION BY company_id, buyer_id ORDER BY valid_from), 'infinity') AS until
    FROM price_assignment
), version AS (
    SELECT company_id AS seller_id, id, list_id, valid_from,
        least(valid_until, lead(valid_from) OVER (PARTITION BY company_id, list_id ORDER BY valid_from, number), 'infinity') AS until
    FROM price_version
), holds AS (
    SELECT a.seller_id, a.buyer_id, v.id, min(greatest(a.valid_from, v.valid_from)) AS since, max(least(a.until, v.until)) AS until
    FROM assigned a
    JOIN version v ON v.seller_id = a.seller_id AND v.list_id = a.list_id AND v.valid_from < a.until AND a.valid_from < v.until
    GROUP BY 1, 2, 3
    UNION ALL
    -- A company's own prices hold whatever list it pays by.
    SELECT v.seller_id, l.buyer_id, v.id, v.valid_from, v.until
    FROM price_list l
    JOIN version v ON v.seller_id = l.company_id AND v.list_id = l.id
    WHERE l.buyer_id IS NOT NULL
), price AS (
    SELECT i.company_id AS seller_id, i.version_id, i.item, i.country, i.network, i.category, i.from_quantity, base.free_quantity, i.unit_price
    FROM price_item i
    JOIN price_item base ON base.company_id = i.company_id AND base.version_id = i.version_id AND base.item = i.item
        AND base.country = i.country AND base.network = i.network AND base.category = i.category AND base.from_quantity = 0
)
SELECT u.company_id, format('%s × %s sold by company %s, version %s', u.quantity, u.item, u.seller_id, u.version_id),
    (coalesce(i.unit_price, 0) * u.quantity)::bigint, u.amount
FROM used u
LEFT JOIN LATERAL (
    SELECT div(x.whole, u.of_days) + CASE
        WHEN 2 * mod(x.whole, u.of_days) > u.of_days THEN 1
        WHEN 2 * mod(x.whole, u.of_days) = u.of_days THEN mod(div(x.whole, u.of_days), 2)
        ELSE 0 END AS unit_price
    FROM price p
    CROSS JOIN LATERAL (
        SELECT (CASE WHEN u.position >= 0 AND u.position < p.free_quantity THEN 0 ELSE p.unit_price END)::numeric * u.days AS whole
    ) AS x
    WHERE p.seller_id = u.seller_id AND p.version_id = u.version_id AND p.item = u.item
      AND p.country IN ('', u.country) AND p.network IN ('', u.network) AND p.category IN ('', u.category) AND p.from_quantity <= greatest(u.position, 0)
    ORDER BY p.country DESC, p.network DESC, p.category DESC, p.from_quantity DESC
    LIMIT 1
) AS i ON true
LEFT JOIN holds h ON h.seller_id = u.seller_id AND h.buyer_id = u.buyer_id AND h.id = u.version_id
WHERE u.unit_price <> coalesce(i.unit_price, 0) OR u.amount <> u.unit_price * u.quantity
   OR (u.version_id IS NOT NULL AND (h.id IS NULL OR u.first < h.since OR u.last >= h.until))
UNION ALL
-- A buyer's first list holds at once, and may not have been read at that moment.
SELECT u.company_id, format('%s × %s sold by company %s for nothing, in spite of version %s', u.quantity, u.item, u.seller_id, h.id),
    (i.unit_price * u.quantity)::bigint, u.amount
FROM used u
JOIN holds h ON h.seller_id = u.seller_id AND h.buyer_id = u.buyer_id AND u.last >= h.since + interval '5 seconds' AND u.first < h.until
JOIN LATERAL (
    SELECT p.unit_price
    FROM price p
    WHERE p.seller_id = u.seller_id AND p.version_id = h.id AND p.item = u.item
      AND p.country IN ('', u.country) AND p.network IN ('', u.network) AND p.category IN ('', u.category) AND p.from_quantity = 0
    ORDER BY p.country DESC, p.network DESC, p.category DESC
    LIMIT 1
) AS i ON true
WHERE u.version_id IS NULL AND u.last < h.until
ORDER BY 1, 2;

-- Usage names the seller that the company had, its currency, and a month that
-- its wallet has reached.
-- name: parties count
WITH used AS (
    SELECT company_id, seller_id, wholesale_seller_id, currency, max(period) AS period, bool_and(period = date_trunc('month', period)) AS whole,
        -- In the zone that is the last to enter a month.
        bool_or(period < date_trunc('month', (at AT TIME ZONE 'UTC') - interval '12 hours')) AS early, max(stripe) AS stripe
    FROM usage
    GROUP BY 1, 2, 3, 4
), has AS (
    SELECT company_id, min(currency) AS currency, max(period) AS period, max(stripe) AS stripe FROM wallet GROUP BY company_id
)
SELECT u.company_id, format('usage in %s sold by company %s, by company %s to it, up to %s', u.currency, u.seller_id, u.wholesale_seller_id, u.period), 1, 0
FROM used u
LEFT JOIN has w ON w.company_id = u.company_id
WHERE w.currency IS DISTINCT FROM u.currency OR u.period > w.period OR NOT u.whole OR u.early OR u.stripe > w.stripe
   OR NOT EXISTS (
      SELECT FROM company_history h
      LEFT JOIN company seller ON seller.id = h.parent_id
      WHERE h.company_id = u.company_id AND h.parent_id IS NOT DISTINCT FROM u.seller_id
        AND (CASE WHEN seller.kind = 'reseller' THEN seller.parent_id END) IS NOT DISTINCT FROM u.wholesale_seller_id)
ORDER BY 1, 2;

-- All money of a company is of its own currency.
-- name: currencies count
SELECT c.id AS company_id, format('wallet in %s of a company with %s', w.currency, c.currency), 0::bigint, count(*)
FROM company c
JOIN wallet w ON w.company_id = c.id AND w.currency <> c.currency
GROUP BY c.id, w.currency, c.currency
UNION ALL
SELECT w.company_id, format('entries in %s about a wallet in %s', e.currency, w.currency), 0, count(*)
FROM entry e
JOIN wallet w ON w.company_id = CASE WHEN e.number IS NULL THEN e.counterparty_id ELSE e.company_id END AND w.stripe = 0 AND w.currency <> e.currency
GROUP BY w.company_id, e.currency, w.currency
ORDER BY 1, 2;

-- Who may spend below zero was allowed to by somebody, whom the trail names:
-- all that the limit was changed by adds up to it, in whatever order clocks
-- that were set say.
-- name: credit_limits amount
WITH told AS (
    SELECT subject, (sum((new ->> 'amount')::numeric - (old ->> 'amount')::numeric) * 1000000)::bigint AS amount
    FROM audit_record
    WHERE action = 'credit_limit.changed' AND new ? 'amount'
    GROUP BY subject
), has AS (
    SELECT company_id, sum(credit)::bigint AS amount FROM wallet GROUP BY company_id
)
SELECT company_id, 'credit limit', coalesce(told.amount, 0), has.amount
FROM has
LEFT JOIN told ON told.subject = 'company:' || company_id
WHERE coalesce(told.amount, 0) <> has.amount
ORDER BY 1, 2;

-- Money that came otherwise than by usage is in the trail with who posted it,
-- apart from the welcome credit, which the program gives once.
-- name: deposits amount
WITH told AS (
    SELECT (new ->> 'entry')::uuid AS id, subject, user_id, new ->> 'reason' AS reason, ((new ->> 'amount')::numeric * 1000000)::bigint AS amount
    FROM audit_record
    WHERE action = 'deposit.posted'
), entered AS (
    SELECT company_id, id, number, kind, amount, reason, created_by FROM entry
    WHERE number IS NOT NULL AND kind IN ('deposit', 'adjustment') AND NOT (kind = 'adjustment' AND reference = 'welcome_credit' AND credit = 'gifts')
)
SELECT coalesce(e.company_id, substr(t.subject, 9)::bigint) AS company_id, format('%s, entry %s', coalesce(e.kind, 'deposit'), coalesce(e.number::text, t.id::text)),
    coalesce(t.amount, 0), coalesce(e.amount, 0)
FROM entered e
FULL JOIN told t ON t.id = e.id AND t.subject = 'company:' || e.company_id AND t.reason = e.reason AND t.user_id IS NOT DISTINCT FROM e.created_by
WHERE t.amount IS DISTINCT FROM e.amount
ORDER BY 1, 2;

-- Rollups name the reseller that sees them.
-- name: rollup_sellers count
SELECT r.company_id, format('reseller of rollups of company %s as seller', r.seller_id), coalesce(seller.id, 0), coalesce(r.reseller_id, 0)
FROM usage_rollup r
LEFT JOIN company seller ON seller.id = r.seller_id AND seller.kind = 'reseller'
WHERE r.reseller_id IS DISTINCT FROM seller.id
GROUP BY 1, r.seller_id, seller.id, r.reseller_id
ORDER BY 1, 2;

-- A reseller is suspended when it has nothing left to spend, held money
-- counted in, once all that it has spent itself is posted.
-- name: suspensions count
SELECT b.company_id, 'suspended', (sum(w.available + w.credit + w.bonus + w.held + w.bonus_held) <= 0)::int::bigint, b.suspended::int::bigint
FROM book b
JOIN company c ON c.id = b.company_id AND c.kind = 'reseller'
JOIN wallet w ON w.company_id = b.company_id
WHERE NOT EXISTS (SELECT FROM pending_batch p WHERE p.company_id = b.company_id)
GROUP BY b.company_id, b.suspended
HAVING bool_and(w.batch_id IS NULL) AND (sum(w.available + w.credit + w.bonus + w.held + w.bonus_held) <= 0) <> b.suspended
ORDER BY 1, 2;

-- Counters of a month are what was accepted in it less what was released.
-- name: counters count
WITH counted AS (
    SELECT company_id, item, counted_in AS period, sum(CASE
        WHEN phase = 'released' THEN -quantity
        WHEN phase = 'held' THEN quantity
        WHEN phase = 'captured' AND NOT EXISTS (
            SELECT FROM usage h WHERE h.company_id = u.company_id AND h.reference = u.reference AND h.item = u.item AND h.phase = 'held') THEN quantity
        ELSE 0 END) AS quantity
    FROM usage u
    WHERE counted_in IS NOT NULL
    GROUP BY 1, 2, 3
)
SELECT company_id, format('%s in the month %s', item, period), coalesce(e.quantity, 0)::bigint, coalesce(c.quantity, 0)::bigint
FROM counted e
FULL JOIN usage_counter c USING (company_id, item, period)
WHERE coalesce(e.quantity, 0) <> coalesce(c.quantity, 0)
ORDER BY 1, 2;

-- Sums of billing months are the sums of posted usage, for whoever pays.
-- name: months amount
WITH unposted AS (
    SELECT company_id, batch_id FROM wallet WHERE batch_id IS NOT NULL
    UNION SELECT company_id, batch_id FROM pending_batch
), posted AS (
    SELECT *, CASE phase WHEN 'captured' THEN 1 ELSE -1 END AS sign FROM usage u
    WHERE u.batch_id IS NOT NULL AND NOT EXISTS (SELECT FROM unposted p WHERE p.company_id = u.company_id AND p.batch_id = u.batch_id)
), expected AS (
    SELECT company_id, period, seller_id, item, unit_price, sum(sign * quantity) AS quantity, sum(sign * amount) AS amount
    FROM (
        SELECT company_id, period, seller_id, item, unit_price, sign, quantity, amount FROM posted WHERE seller_id IS NOT NULL AND amount > 0
        UNION ALL
        SELECT seller_id, period, wholesale_seller_id, item, wholesale_unit_price, sign, quantity, wholesale_amount FROM posted WHERE wholesale_amount > 0
    ) AS paid
    GROUP BY 1, 2, 3, 4, 5
)
SELECT company_id, format('%s of %s at %s from company %s, month %s', x.subject, item, unit_price, seller_id, period), x.expected::bigint, x.found::bigint
FROM expected e
FULL JOIN usage_month m USING (company_id, period, seller_id, item, unit_price),
LATERAL (VALUES
    ('quantity', coalesce(e.quantity, 0) * 1000000, coalesce(m.quantity, 0) * 1000000),
    ('amount', coalesce(e.amount, 0), coalesce(m.amount, 0))
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- Invoices of months that were billed say what the usage of the month cost in
-- own money, item by item: what a company used itself, and for a reseller what
-- its dependents did, less the welcome credit of its book.
-- name: invoice_usage amount
WITH owed AS (
    SELECT company_id, period, item, CASE phase WHEN 'captured' THEN amount - bonus ELSE bonus - amount END AS amount
    FROM usage WHERE batch_id IS NOT NULL AND seller_id IS NOT NULL
    UNION ALL
    SELECT seller_id, period, item, CASE phase WHEN 'captured' THEN wholesale_amount ELSE -wholesale_amount END
    FROM usage WHERE batch_id IS NOT NULL AND wholesale_seller_id IS NOT NULL
    UNION ALL
    SELECT company_id, period, item, CASE kind WHEN 'charge' THEN -amount ELSE amount END
    FROM entry WHERE number IS NOT NULL AND origin_id <> company_id AND 'bonus' IN (debit, credit)
), expected AS (
    SELECT o.company_id, o.period, o.item, sum(o.amount) AS amount
    FROM owed o
    JOIN billing_month b ON b.company_id = o.company_id AND o.period < b.open
    GROUP BY 1, 2, 3
), billed AS (
    SELECT i.company_id, i.period, l.item, sum(l.exact) AS amount
    FROM invoice i
    JOIN invoice_line l ON l.company_id = i.company_id AND l.invoice_id = i.id
    WHERE i.kind = 'monthly'
    GROUP BY 1, 2, 3
)
SELECT company_id, format('%s, month %s', item, period), coalesce(e.amount, 0)::bigint, coalesce(b.amount, 0)::bigint
FROM expected e
FULL JOIN billed b USING (company_id, period, item)
WHERE coalesce(e.amount, 0) <> coalesce(b.amount, 0)
ORDER BY 1, 2;

-- An invoice is what its lines and payments add up to.
-- name: invoices amount
SELECT i.company_id, format('%s of invoice %s', x.subject, i.number), x.expected::bigint, x.found::bigint
FROM invoice i
LEFT JOIN LATERAL (
    SELECT sum(l.amount) AS amount FROM invoice_line l WHERE l.company_id = i.company_id AND l.invoice_id = i.id
) AS line ON true
LEFT JOIN LATERAL (
    SELECT sum(a.amount) AS amount FROM payment_allocation a WHERE a.company_id = i.company_id AND a.invoice_id = i.id
) AS paid ON true,
LATERAL (VALUES
    ('total', coalesce(line.amount, 0), i.total),
    ('paid part', coalesce(paid.amount, 0), i.paid)
) AS x (subject, expected, found)
WHERE x.expected <> x.found
ORDER BY 1, 2;

-- Series have no gaps, and a number is that of one invoice.
-- name: invoice_numbers count
SELECT s.company_id, format('%s invoices of %s', s.kind, s.year), s.last, count(i.id)
FROM invoice_series s
LEFT JOIN invoice_number n ON n.company_id = s.company_id AND n.kind = s.kind AND n.year = s.year
LEFT JOIN invoice i ON i.company_id = n.buyer_id AND i.id = n.invoice_id AND i.seller_id = n.company_id AND i.kind = n.kind
GROUP BY s.company_id, s.kind, s.year, s.last
HAVING count(i.id) <> s.last OR max(n.number) <> s.last
UNION ALL
SELECT i.company_id, 'invoices without a number', 0, count(*)
FROM invoice i
WHERE NOT EXISTS (SELECT FROM invoice_number n WHERE n.company_id = i.seller_id AND n.kind = i.kind AND n.buyer_id = i.company_id AND n.invoice_id = i.id)
GROUP BY i.company_id
ORDER BY 1, 2;

-- A payment is a deposit of the same amount, and no more of it is allocated than
-- there is.
-- name: payments amount
SELECT p.company_id, format('deposit of payment %s', p.id), p.amount, coalesce(e.amount, 0)
FROM payment p
LEFT JOIN entry e ON e.company_id = p.company_id AND e.id = p.entry_id AND e.kind = 'deposit' AND e.number IS NOT NULL AND e.counterparty_id = p.seller_id
WHERE p.amount IS DISTINCT FROM e.amount
UNION ALL
SELECT p.company_id, format('allocations of payment %s', p.id), p.amount, sum(a.amount)::bigint
FROM payment p
JOIN payment_allocation a ON a.company_id = p.company_id AND a.payment_id = p.id
GROUP BY p.company_id, p.id, p.amount
HAVING sum(a.amount) > p.amount
ORDER BY 1, 2;

-- A fee that is charged was charged once, as what it names, and no fee's usage
-- is without its fee. One that is not paid has no usage.
-- name: fees count
WITH used AS (
    SELECT company_id, reference, item, count(*) AS times
    FROM usage
    WHERE item LIKE 'fee.%' AND phase = 'captured'
    GROUP BY 1, 2, 3
), charged AS (
    SELECT company_id, reference, item, count(*) AS times
    FROM fee
    WHERE state = 'charged'
    GROUP BY 1, 2, 3
)
SELECT company_id, format('%s, usage %s', item, reference), coalesce(c.times, 0), coalesce(u.times, 0)
FROM used u
FULL JOIN charged c USING (company_id, reference, item)
WHERE u.times IS DISTINCT FROM 1 OR c.times IS DISTINCT FROM 1
ORDER BY 1, 2;
