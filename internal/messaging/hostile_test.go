package messaging_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/channel"
	"parley/internal/connection"
	"parley/internal/messaging"
	"parley/internal/platform/clock"
	"parley/internal/platform/fault"
	"parley/internal/provider/smppfake"
)

// puppet is a network that answers as a test tells it.
type puppet struct {
	answer func(ctx context.Context) (channel.Sent, error)
	told   chan func(ctx context.Context, r []channel.Receipt) error
}

func (p *puppet) Capabilities() channel.Capabilities { return channel.Capabilities{Receipts: true} }

func (p *puppet) State() (up bool, reason error) { return true, nil }

func (p *puppet) Send(ctx context.Context, _ messaging.Packet) (channel.Sent, error) {
	return p.answer(ctx)
}

func (p *puppet) Run(ctx context.Context, told func(ctx context.Context, r []channel.Receipt) error) {
	select {
	case p.told <- told:
	case <-ctx.Done():
	}
	<-ctx.Done()
}

// over runs a node whose gateways lead to the network.
func (w *world) over(t *testing.T, p *puppet) {
	t.Helper()
	p.told = make(chan func(context.Context, []channel.Receipt) error, 1)
	w.run(t, messaging.New(messaging.Deps{
		DB: w.DB, Clock: clock.Real{}, Accounts: w.Service, Contacts: w.contacts, Gateways: w.gateways, Prices: w.Prices, Metering: w.Metering,
		Open: func(connection.Way) (messaging.Wire, error) { return p, nil }, Log: slog.New(slog.DiscardHandler),
	}))
}

func (w *world) sms(t *testing.T) uuid.UUID {
	t.Helper()
	m, err := w.texts.Send(t.Context(), w.buyer.Actor(t, access.Owner), messaging.NewMessage{Channel: "sms", To: "+79123456789", Text: "x"})
	require.NoError(t, err)
	return m.ID
}

func (w *world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := w.DB.Worker().Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

// A network that gives one name to two messages must not leave the first one's
// money held for ever.
func TestANetworkThatRepeatsItsNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := &puppet{answer: func(context.Context) (channel.Sent, error) { return channel.Sent{IDs: []string{"same"}}, nil }}
	w.over(t, p)
	first := w.sms(t)
	w.becomes(t, first, messaging.Sent)
	second := w.sms(t)
	w.becomes(t, second, messaging.Sent)
	told := <-p.told
	for range 2 { // on two binds
		require.NoError(t, told(t.Context(), []channel.Receipt{{ID: "same", Status: channel.Delivered}}))
	}
	w.becomes(t, second, messaging.Delivered)
	require.Equal(t, messaging.Sent, w.state(t, first))

	w.exec(t, "UPDATE receipt_key SET at = now() - interval '8 days'")
	require.NoError(t, w.texts.SweepOnce(t.Context()))
	require.NotEqual(t, messaging.Sent, w.state(t, first), "its network keeps silent")
	_, held := w.money(t)
	require.Equal(t, "0.00", held)
	w.clean(t)
}

// An answer that comes after another owner has settled the message changes nothing.
func TestAnAnswerThatIsTooLate(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]string{
		"finished":    "DELETE FROM outgoing WHERE id = $1",
		"tried again": "UPDATE attempt SET tries = tries + 1 WHERE id = $1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			asked, answer := make(chan struct{}), make(chan struct{})
			w.over(t, &puppet{answer: func(context.Context) (channel.Sent, error) {
				asked <- struct{}{}
				<-answer
				return channel.Sent{}, &channel.SendError{Reason: channel.Throttled, Retry: true, RetryAfter: time.Hour}
			}})
			id := w.sms(t)
			<-asked
			w.exec(t, meanwhile, id)
			w.exec(t, "UPDATE attempt SET state = 'in_doubt', done_at = now() WHERE id = $1", id)
			// Another message behind it says when the answer was stored.
			behind := w.sms(t)
			<-asked
			close(answer)
			require.Eventually(t, func() bool {
				c, err := w.texts.ByID(t.Context(), w.buyer.Actor(t, access.Owner), behind)
				return err == nil && c.State == messaging.Queued && c.Tries == 1
			}, 20*time.Second, 20*time.Millisecond)
			c, err := w.texts.ByID(t.Context(), w.buyer.Actor(t, access.Owner), id)
			require.NoError(t, err)
			require.NotEqual(t, messaging.Queued, c.State)
			require.Empty(t, c.Reason)
			if name == "tried again" {
				var claimed bool
				require.NoError(t, w.DB.Worker().QueryRow(t.Context(), "SELECT claimed_at IS NOT NULL FROM outgoing WHERE id = $1", id).Scan(&claimed))
				require.True(t, claimed, "it is the other owner's")
			}
		})
	}
}

// What a campaign hands over is what was counted and charged: characters that
// are taken out of single messages are taken out here too.
func TestVariablesAreCleanedBeforeTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(t, w.texts)
	c := w.campaign(t, 1, func(n *messaging.NewCampaign) { n.Steps[0].Text = "a{sum}" })
	w.exec(t, "UPDATE contact_list_entry SET variables = jsonb_build_object('sum', $1::text)", strings.Repeat("\u202E", 500)+"b")
	w.order(t, c, messaging.Start)
	require.Eventually(t, func() bool { return w.smsc.Count() > 0 }, 20*time.Second, 20*time.Millisecond)
	list := w.smsc.List(smppfake.Filter{})
	require.Equal(t, "ab", list[len(list)-1].Text)
	require.Equal(t, 1, w.smsc.Count(), "one part was charged")
}

// Postgres stores no NUL: it must not reach it from anywhere.
func TestTextsAreCleaned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.gateways.Add(t.Context(), w.Platform.Actor(t, access.Owner), connection.GatewayForm{
		Channel: connection.Email, Name: "Mail", URL: "smpp://user:password@" + w.smsc.Address(), Sender: "news@shop.example",
	})
	require.NoError(t, err)
	const nul = "a\x00b"
	m, err := w.texts.Send(t.Context(), w.buyer.Actor(t, access.Owner), messaging.NewMessage{
		Channel: "email", To: "a@b.example", Subject: nul, Text: nul, HTML: nul, ExternalID: nul,
	})
	require.NoError(t, err)
	require.Equal(t, []string{"ab", "ab", "ab", "ab"}, []string{m.Subject, m.Text, m.HTML, m.ExternalID})
	c := w.campaign(t, 1, func(n *messaging.NewCampaign) {
		n.Name, n.Steps[0] = nul, messaging.Step{Channel: "email", Subject: nul, Text: nul, HTML: nul}
	})
	require.Equal(t, messaging.Step{Channel: "email", Subject: "ab", Text: "ab", HTML: "ab"}, c.Steps[0])
}

func TestSenders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	letters, err := w.gateways.Add(t.Context(), w.Platform.Actor(t, access.Owner), connection.GatewayForm{
		Channel: connection.Email, Name: "Mail", URL: "smpp://user:password@" + w.smsc.Address(), Sender: "Shop <news@shop.example>",
	})
	require.NoError(t, err)
	actor, list := w.buyer.Actor(t, access.Owner), w.list(t, 1)
	letter := func(from, to string) error {
		_, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "email", To: to, From: from, Subject: "s", Text: "x"})
		return err
	}
	refused := func(field string, err error, why ...any) {
		t.Helper()
		var f *fault.Error
		require.ErrorAs(t, err, &f, why...)
		require.Contains(t, f.Fields, field, why...)
	}
	for _, from := range []string{"", "Shop <news@shop.example>", "orders@shop.example", "Anna <anna@SHOP.example>"} {
		require.NoError(t, letter(from, "a@b.example"), from)
	}
	for _, from := range []string{
		"ceo@bank.example", "Bank <ceo@bank.example>", "a@evil.shop.example", "a@shop.example.evil", "Shop", "@shop.example",
		`"ceo@bank.example" <a@shop.example>`, `"a@bank.example>, x"@shop.example`, "a@shop.example, b@bank.example",
		"A <a@shop.example>\r\nBcc: b@bank.example",
	} {
		refused("from", letter(from, "a@b.example"), from)
		n := messaging.NewCampaign{Name: "x", Purpose: messaging.ServicePurpose, ListID: list, Steps: []messaging.Step{{Channel: "email", Sender: from, Subject: "s", Text: "x"}}}
		_, err := w.texts.Create(t.Context(), actor, n)
		refused("steps.0.sender", err, from)
	}
	for _, to := range []string{`"a@b.example, c"@d.example`, `"a> SIZE=1 <b"@d.example`, "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "A <a@b.example>"} {
		refused("to", letter("", to), to)
	}
	for _, from := range []string{"Twelve chars", "Магазин", "+7912345678901234"} {
		_, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "sms", To: "+79123456789", From: from, Text: "x"})
		refused("from", err, from)
	}

	// A gateway of its own is the company's business.
	hop, err := w.gateways.Find(t.Context(), w.buyer.ID, connection.Email, "", "")
	require.NoError(t, err)
	require.Equal(t, letters.ID, hop.GatewayID)
	_, err = w.gateways.Add(t.Context(), actor, connection.GatewayForm{
		Channel: connection.Email, Name: "Own", URL: "smpp://user:password@" + w.smsc.Address(), Sender: "Own <a@own.example>",
	})
	require.NoError(t, err)
	require.NoError(t, letter("b@other.example", "a@b.example"))
}
