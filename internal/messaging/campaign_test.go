package messaging_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/audit"
	"parley/internal/audit/audittest"
	"parley/internal/messaging"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/provider/smppfake"
)

// clean fails when the audit finds anything; tampering that it shall find follows.
func (w *world) clean(t *testing.T) {
	t.Helper()
	_, err := w.Metering.Settle(t.Context())
	require.NoError(t, err)
	audittest.Clean(t, w.DB)
}

// list makes a contact list with so many numbers.
func (w *world) list(t testing.TB, contacts int) uuid.UUID {
	t.Helper()
	list := id.New(time.Now())
	require.NoError(t, w.DB.AsWorker(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), `INSERT INTO contact_list (company_id, id, number, name, contacts, last_n, created_at)
VALUES ($1, $2, $3, 'Everybody', $4, $4, now())`, w.buyer.ID, list, time.Now().UnixNano(), contacts); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `WITH made AS (
    INSERT INTO contact (company_id, id, number, name, created_at)
    SELECT $1, gen_random_uuid(), $4::bigint + n, 'Client ' || n, now() FROM generate_series(1, $3::int) n
    RETURNING id, number - $4::bigint AS n
)
INSERT INTO contact_list_entry (company_id, list_id, n, contact_id, name, phone, email, variables)
SELECT $1, $2, n, id, CASE WHEN n % 2 = 0 THEN 'Client ' || n ELSE '' END, '+7912' || lpad(n::text, 7, '0'), 'c' || n || '@example.org', jsonb_build_object('sum', n::text)
FROM made`, w.buyer.ID, list, contacts, time.Now().UnixNano())
		return err
	}))
	return list
}

func (w *world) campaign(t testing.TB, contacts int, change func(*messaging.NewCampaign)) messaging.Campaign {
	t.Helper()
	n := messaging.NewCampaign{
		Name: "News", Purpose: messaging.ServicePurpose, ListID: w.list(t, contacts),
		Steps: []messaging.Step{{Channel: "sms", Text: "Hello, {name|friend}: {sum}"}},
	}
	if change != nil {
		change(&n)
	}
	c, err := w.texts.Create(t.Context(), w.buyer.Actor(t, access.Owner), n)
	require.NoError(t, err)
	return c
}

func (w *world) order(t testing.TB, c messaging.Campaign, o messaging.Order) messaging.Campaign {
	t.Helper()
	c, err := w.texts.Do(t.Context(), w.buyer.Actor(t, access.Owner), c.ID, o)
	require.NoError(t, err)
	return c
}

func (w *world) read(t *testing.T, c messaging.Campaign) messaging.Campaign {
	t.Helper()
	c, err := w.texts.CampaignByID(t.Context(), w.buyer.Actor(t, access.Owner), c.ID)
	require.NoError(t, err)
	return c
}

func counted(c messaging.Campaign, s messaging.State) (n int64) {
	for _, k := range c.Counts {
		if k.State == s {
			n += k.Messages
		}
	}
	return n
}

func (w *world) ends(t *testing.T, c messaging.Campaign, state messaging.CampaignState, s messaging.State, messages int64) messaging.Campaign {
	t.Helper()
	require.Eventually(t, func() bool {
		c = w.read(t, c)
		return c.State == state && counted(c, s) == messages
	}, 30*time.Second, 50*time.Millisecond, "%+v", &c)
	return c
}

func TestACampaignReachesEverybodyOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.campaign(t, 432, nil)
	w.run(t, w.texts)
	w.order(t, c, messaging.Start)
	c = w.ends(t, c, messaging.Finished, messaging.Delivered, 432)
	require.Equal(t, 432, *c.Total)
	require.Equal(t, 432, w.smsc.Count())
	seen := map[string]string{}
	for _, m := range w.smsc.List(smppfake.Filter{}) {
		seen[m.To] = m.Text
	}
	require.Equal(t, 432, len(seen))
	require.Equal(t, "Hello, friend: 7", seen["79120000007"])
	require.Equal(t, "Hello, Client 8: 8", seen["79120000008"])
	_, held := w.money(t)
	require.Equal(t, "0.00", held)
	list, _, err := w.texts.List(t.Context(), w.buyer.Actor(t, access.Owner), messaging.Filter{CampaignID: &c.ID, Text: "+79120000008", Limit: 10})
	require.NoError(t, err)
	require.Len(t, list, 1)
	card, err := w.texts.ByID(t.Context(), w.buyer.Actor(t, access.Owner), list[0].ID)
	require.NoError(t, err)
	require.Equal(t, "Hello, Client 8: 8", card.Text)
	w.clean(t)
	for check, tamper := range map[string]string{
		"texts":     "UPDATE attempt SET state = 'cancelled' WHERE campaign_id = $1 AND recipient_n = 7",
		"outgoing":  "INSERT INTO outgoing (company_id, id, gateway_id, lane, due_at) SELECT company_id, id, gateway_id, 1, now() + interval '1 hour' FROM attempt WHERE campaign_id = $1 AND recipient_n = 8",
		"campaigns": "UPDATE campaign SET next = 1 WHERE id = $1",
	} {
		_, err := w.DB.Worker().Exec(t.Context(), tamper, c.ID)
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(audittest.Differences(t, w.DB), func(d audit.Difference) bool { return d.Check == check }), check)
	}
}

func TestACampaignPausesWithoutMoneyAndGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	one, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "sms", To: "+79120000001", Text: "x"})
	require.NoError(t, err)
	b, err := w.Ledger.Balance(t.Context(), w.buyer.ID)
	require.NoError(t, err)
	price := b.Held
	require.NoError(t, w.texts.Cancel(t.Context(), actor, one.ID))
	// Money for 321 messages and a half.
	const enough = 321
	b, err = w.Ledger.Balance(t.Context(), w.buyer.ID)
	require.NoError(t, err)
	w.spendDown(t, b.Available-price*enough-price/2)
	c := w.campaign(t, 1000, nil)
	w.run(t, w.texts)
	w.order(t, c, messaging.Start)
	c = w.ends(t, c, messaging.Paused, messaging.Delivered, enough)
	require.Equal(t, string(fault.InsufficientFunds), c.Reason)
	require.Equal(t, enough, w.smsc.Count())
	w.FundAll(t)
	w.order(t, c, messaging.Resume)
	w.ends(t, c, messaging.Finished, messaging.Delivered, 1000)
	require.Equal(t, 1000, w.smsc.Count())
}

func TestACampaignIsStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before, _ := w.money(t)
	c := w.campaign(t, 500, func(n *messaging.NewCampaign) { n.Speed = 20 })
	stop := w.run(t, w.texts)
	w.order(t, c, messaging.Start)
	require.Eventually(t, func() bool { return w.smsc.Count() > 0 }, 20*time.Second, 10*time.Millisecond)
	c = w.order(t, c, messaging.Stop)
	require.Equal(t, messaging.Stopped, c.State)
	require.Eventually(t, func() bool {
		require.NoError(t, w.texts.SweepOnce(t.Context()))
		now := w.read(t, c)
		return counted(now, messaging.Queued)+counted(now, messaging.Sent) == 0
	}, 20*time.Second, 50*time.Millisecond)
	stop()
	c = w.read(t, c)
	require.Less(t, w.smsc.Count(), 500)
	require.EqualValues(t, w.smsc.Count(), counted(c, messaging.Delivered)+counted(c, messaging.Sent))
	after, held := w.money(t)
	require.Equal(t, "0.00", held)
	require.NotEqual(t, before, after)
	w.clean(t)
	_, err := w.texts.Do(t.Context(), w.buyer.Actor(t, access.Owner), c.ID, messaging.Resume)
	require.True(t, fault.Is(err, fault.Conflict))
}

func TestExcludedAndUnreachableRecipientsAreNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.campaign(t, 10, nil)
	require.NoError(t, w.DB.InCompany(t.Context(), w.buyer.ID, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE contact_list_entry SET phone = '' WHERE company_id = $1 AND n = 3", w.buyer.ID)
		if err != nil {
			return err
		}
		return w.contacts.ExcludeTx(t.Context(), tx, w.buyer.ID, "sms", "+79120000005", "unsubscribed")
	}))
	w.run(t, w.texts)
	w.order(t, c, messaging.Start)
	c = w.ends(t, c, messaging.Finished, messaging.Delivered, 8)
	reasons := map[string]int64{}
	for _, k := range c.Counts {
		if k.State == messaging.Rejected {
			reasons[k.Reason] = k.Messages
		}
	}
	require.Equal(t, map[string]int64{"no_address": 1, "unsubscribed": 1}, reasons)
	require.Equal(t, 8, w.smsc.Count())
	w.clean(t)
}

func TestCampaignsAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	good := messaging.NewCampaign{Name: "x", Purpose: messaging.ServicePurpose, ListID: w.list(t, 1), Steps: []messaging.Step{{Channel: "sms", Text: "x"}}}
	for field, spoil := range map[string]func(*messaging.NewCampaign){
		"name":            func(n *messaging.NewCampaign) { n.Name = " " },
		"purpose":         func(n *messaging.NewCampaign) { n.Purpose = "fun" },
		"list_id":         func(n *messaging.NewCampaign) { n.ListID = uuid.New() },
		"steps":           func(n *messaging.NewCampaign) { n.Steps = nil },
		"steps.0.text":    func(n *messaging.NewCampaign) { n.Steps = []messaging.Step{{Channel: "sms", Text: "{name"}} },
		"speed":           func(n *messaging.NewCampaign) { n.Speed = -1 },
		"lifetime_s":      func(n *messaging.NewCampaign) { n.Lifetime = time.Second },
		"steps.0.channel": func(n *messaging.NewCampaign) { n.Steps = []messaging.Step{{Channel: "pigeon", Text: "x"}} },
	} {
		n := good
		spoil(&n)
		_, err := w.texts.Create(t.Context(), actor, n)
		f, ok := fault.Of(err)
		require.True(t, ok, "%s: %v", field, err)
		require.Contains(t, f.Fields, field)
	}
	c, err := w.texts.Create(t.Context(), actor, good)
	require.NoError(t, err)
	good.Name = "y"
	require.NoError(t, w.texts.Change(t.Context(), actor, c.ID, 1, good))
	require.True(t, fault.Is(w.texts.Change(t.Context(), actor, c.ID, 1, good), fault.VersionConflict))
	require.True(t, fault.Is(w.texts.Change(t.Context(), w.Second.Actor(t, access.Owner), c.ID, 2, good), fault.NotFound))
	w.order(t, c, messaging.Start)
	require.True(t, fault.Is(w.texts.Change(t.Context(), actor, c.ID, 3, good), fault.Conflict))
}

func TestACompanyThatHasNotSaidWhoItIsStartsNoCampaign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.buyer = w.Second
	c := w.campaign(t, 1, nil)
	_, err := w.texts.Do(t.Context(), w.buyer.Actor(t, access.Owner), c.ID, messaging.Start)
	f, ok := fault.Of(err)
	require.True(t, ok && f.Code == fault.CompanyIncomplete, "%v", err)
	require.NotEmpty(t, f.Extra["missing"])
	require.Equal(t, messaging.Draft, w.read(t, c).State)
}
