package messaging_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/channel"
	"parley/internal/connection"
	"parley/internal/contact"
	"parley/internal/ledger"
	"parley/internal/messaging"
	"parley/internal/metering/meteringtest"
	"parley/internal/money"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/platform/secret"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smppfake"
)

// world is an installation with a platform's gateway to a fake SMSC.
type world struct {
	*meteringtest.Fixture
	smsc     *smppfake.Server
	gateways *connection.Gateways
	contacts *contact.Service
	texts    *messaging.Service
	buyer    *accounttest.Firm
}

// wire is an SMSC as messaging sees it.
type wire struct{ *smpp.Adapter }

func (w wire) Send(ctx context.Context, p messaging.Packet) (channel.Sent, error) {
	return w.Adapter.Send(ctx, channel.Message{ID: p.ID.String(), To: p.To, From: p.From, Text: p.Text, Lifetime: p.Lifetime})
}

func newWorld(t testing.TB) *world {
	t.Helper()
	d := dbtest.New(t)
	w := &world{Fixture: meteringtest.New(t, d)}
	w.FundAll(t)
	smsc, err := smppfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = smsc.Close() })
	box, err := secret.New(secret.NewKey(1))
	require.NoError(t, err)
	w.smsc, w.buyer = smsc, w.First
	w.buyer.Describe(t)
	w.contacts = contact.New(d, clock.Real{}, w.Service)
	w.gateways = connection.NewGateways(d, clock.Real{}, w.Service, box, func(_, url string) (string, error) {
		s, err := smpp.Parse(url)
		return s.Address, err
	})
	_, err = w.gateways.Add(t.Context(), w.Platform.Actor(t, access.Owner), connection.GatewayForm{
		Channel: connection.SMS, Name: "SMSC", URL: fmt.Sprintf("smpp://parley:secret@%s?window=50", smsc.Address()), Sender: "Parley",
	})
	require.NoError(t, err)
	w.texts = w.node()
	return w
}

// node is a service as another process would have it.
func (w *world) node() *messaging.Service {
	return messaging.New(messaging.Deps{
		DB: w.DB, Clock: clock.Real{}, Accounts: w.Service, Contacts: w.contacts, Gateways: w.gateways, Prices: w.Prices, Metering: w.Metering,
		Open: func(way connection.Way) (messaging.Wire, error) {
			s, err := smpp.Parse(way.URL)
			return wire{smpp.New(s, smpp.Options{Log: slog.New(slog.DiscardHandler), Again: 50 * time.Millisecond})}, err
		},
		Log: slog.New(slog.DiscardHandler),
	})
}

// run works gateways and campaigns until the test or stop ends.
func (w *world) run(t testing.TB, s *messaging.Service) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		feeding := make(chan struct{})
		go func() { defer close(feeding); s.Feed(ctx) }()
		s.Run(ctx)
		<-feeding
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop
}

func (w *world) state(t *testing.T, id uuid.UUID) messaging.State {
	t.Helper()
	c, err := w.texts.ByID(t.Context(), w.buyer.Actor(t, access.Owner), id)
	require.NoError(t, err)
	return c.State
}

func (w *world) becomes(t *testing.T, id uuid.UUID, want messaging.State) {
	t.Helper()
	require.Eventually(t, func() bool { return w.state(t, id) == want }, 20*time.Second, 20*time.Millisecond, "it is %s", want)
}

// money returns what the company can spend and what is set aside.
func (w *world) money(t *testing.T) (available, held string) {
	t.Helper()
	b, err := w.Ledger.Balance(t.Context(), w.buyer.ID)
	require.NoError(t, err)
	return b.Available.String(), b.Held.String()
}

func TestAMessageIsHeldSentDeliveredAndCharged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	before, _ := w.money(t)
	m, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "sms", To: "8 (912) 345-67-89", Text: "Hello"})
	require.NoError(t, err)
	require.Equal(t, messaging.Queued, m.State)
	require.Equal(t, "+79123456789", m.Recipient)
	require.Equal(t, "RU", m.Country)
	after, held := w.money(t)
	require.NotEqual(t, before, after)
	require.NotEqual(t, "0.00", held)
	w.run(t, w.texts)
	w.becomes(t, m.ID, messaging.Delivered)
	_, held = w.money(t)
	require.Equal(t, "0.00", held)
	paid, _ := w.money(t)
	require.Equal(t, after, paid)
	list := w.smsc.List(smppfake.Filter{})
	require.Len(t, list, 1)
	require.Equal(t, "Hello", list[0].Text)
}

func TestPartsAreChargedOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.smsc.Turn(smppfake.Knobs{Receipt: "UNDELIV"})
	before, _ := w.money(t)
	text := ""
	for len(text) < 400 {
		text += "A long text. "
	}
	m, err := w.texts.Send(t.Context(), w.buyer.Actor(t, access.Owner), messaging.NewMessage{Channel: "sms", To: "+79123456789", Text: text})
	require.NoError(t, err)
	require.Equal(t, 3, m.Parts)
	w.run(t, w.texts)
	w.becomes(t, m.ID, messaging.Undelivered)
	after, held := w.money(t)
	require.Equal(t, before, after, "what was not delivered costs nothing")
	require.Equal(t, "0.00", held)
	w.clean(t)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	for field, m := range map[string]messaging.NewMessage{
		"to":          {Channel: "sms", To: "112", Text: "x"},
		"text":        {Channel: "sms", To: "+79123456789"},
		"channel":     {Channel: "pigeon", To: "+79123456789", Text: "x"},
		"lifetime_s":  {Channel: "sms", To: "+79123456789", Text: "x", Lifetime: time.Second},
		"subject":     {Channel: "email", To: "a@b.example", Text: "x"},
		"external_id": {Channel: "sms", To: "+79123456789", Text: "x", ExternalID: string(make([]byte, 300)) + fmt.Sprint(make([]int, 300))},
	} {
		_, err := w.texts.Send(t.Context(), actor, m)
		var f *fault.Error
		require.ErrorAs(t, err, &f, field)
		require.Contains(t, f.Fields, field)
	}
	_, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "email", To: "a@b.example", Subject: "x", Text: "x"})
	require.True(t, fault.Is(err, fault.Unavailable), "nobody takes letters: %v", err)
	w.smsc.Turn(smppfake.Knobs{Status: 11})
	m, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "sms", To: "+79123456789", Text: "x"})
	require.NoError(t, err)
	w.run(t, w.texts)
	w.becomes(t, m.ID, messaging.Rejected)
	_, held := w.money(t)
	require.Equal(t, "0.00", held)
}

func TestExcludedAddressesGetNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	require.NoError(t, w.DB.InCompany(t.Context(), w.buyer.ID, func(tx *db.Tx) error {
		return w.contacts.ExcludeTx(t.Context(), tx, w.buyer.ID, "sms", "+79123456789", "blacklisted")
	}))
	before, _ := w.money(t)
	m, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "sms", To: "+79123456789", Text: "x"})
	require.NoError(t, err)
	require.Equal(t, messaging.Rejected, m.State)
	require.Equal(t, "blacklisted", m.Reason)
	card, err := w.texts.ByID(t.Context(), actor, m.ID)
	require.NoError(t, err)
	require.Equal(t, "x", card.Text)
	require.Equal(t, messaging.Rejected, card.State)
	list, err := w.texts.SendMany(t.Context(), actor, []messaging.NewMessage{
		{Channel: "sms", To: "+79123456789", Text: "x"}, {Channel: "sms", To: "+79123456780", Text: "x"},
	})
	require.NoError(t, err)
	require.Equal(t, messaging.Rejected, w.state(t, list[0].ID))
	require.Equal(t, messaging.Queued, w.state(t, list[1].ID))
	require.NoError(t, w.texts.Cancel(t.Context(), actor, list[1].ID))
	after, _ := w.money(t)
	require.Equal(t, before, after)
	w.clean(t)
}

func TestCancelGivesTheMoneyBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	before, _ := w.money(t)
	at := time.Now().Add(time.Hour)
	m, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "sms", To: "+79123456789", Text: "x", SendAt: &at})
	require.NoError(t, err)
	require.Equal(t, messaging.Scheduled, m.State)
	require.True(t, fault.Is(w.texts.Cancel(t.Context(), w.Second.Actor(t, access.Owner), m.ID), fault.NotFound), "a stranger's")
	require.NoError(t, w.texts.Cancel(t.Context(), actor, m.ID))
	require.NoError(t, w.texts.Cancel(t.Context(), actor, m.ID), "twice")
	require.Equal(t, messaging.Cancelled, w.state(t, m.ID))
	after, held := w.money(t)
	require.Equal(t, before, after)
	require.Equal(t, "0.00", held)
}

func TestWhatWasPerhapsSentIsInDoubtAfterACrash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	send := func(resend bool) uuid.UUID {
		m, err := w.texts.Send(t.Context(), actor, messaging.NewMessage{Channel: "sms", To: "+79123456789", Text: "x", Resend: resend})
		require.NoError(t, err)
		return m.ID
	}
	kept, again := send(false), send(true)
	// A node that claims and dies before the network answers.
	_, err := w.DB.Worker().Exec(t.Context(), "UPDATE outgoing SET claimed_at = now()")
	require.NoError(t, err)
	require.Equal(t, messaging.Sending, w.state(t, kept))
	w.run(t, w.texts)
	w.becomes(t, kept, messaging.InDoubt)
	w.becomes(t, again, messaging.Delivered)
	require.Len(t, w.smsc.List(smppfake.Filter{}), 1)
	_, held := w.money(t)
	require.Equal(t, "0.00", held)
	w.clean(t)
}

func TestReceiptsEarlyRepeatedAndOutOfOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.smsc.Turn(smppfake.Knobs{Early: true, Repeat: true, Reorder: true})
	w.run(t, w.texts)
	var list []messaging.NewMessage
	for i := range 50 {
		list = append(list, messaging.NewMessage{Channel: "sms", To: fmt.Sprintf("+7912345%04d", i), Text: "x"})
	}
	accepted, err := w.texts.SendMany(t.Context(), w.buyer.Actor(t, access.Owner), list)
	require.NoError(t, err)
	for _, a := range accepted {
		require.NoError(t, a.Err)
		w.becomes(t, a.ID, messaging.Delivered)
	}
	_, held := w.money(t)
	require.Equal(t, "0.00", held)
	require.Len(t, w.smsc.List(smppfake.Filter{}), 50)
}

func TestTwoNodesSendOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	actor := w.buyer.Actor(t, access.Owner)
	first := w.run(t, w.texts)
	w.run(t, w.node())
	var list []messaging.NewMessage
	for i := range 200 {
		list = append(list, messaging.NewMessage{Channel: "sms", To: fmt.Sprintf("+7912345%04d", i), Text: "x"})
	}
	_, err := w.texts.SendMany(t.Context(), actor, list[:100])
	require.NoError(t, err)
	require.Eventually(t, func() bool { return w.smsc.Count() == 100 }, 20*time.Second, 10*time.Millisecond)
	first() // the other takes over
	accepted, err := w.texts.SendMany(t.Context(), actor, list[100:])
	require.NoError(t, err)
	for _, a := range accepted {
		w.becomes(t, a.ID, messaging.Delivered)
	}
	require.Equal(t, 200, w.smsc.Count())
}

// spendDown takes money that tests do not want the company to have.
func (w *world) spendDown(t *testing.T, amount money.Amount) {
	t.Helper()
	require.NoError(t, w.DB.InCompany(t.Context(), w.buyer.ID, func(tx *db.Tx) error {
		_, err := w.Ledger.SpendTx(t.Context(), tx, ledger.Spend{CompanyID: w.buyer.ID, Amount: amount, Refusable: true})
		return err
	}))
}
