package notify_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/notify"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/provider/smppfake"
)

// codeFor asks for a code and returns the fact it belongs to.
func (b *bundle) codeFor(t *testing.T, number, ip string, life time.Duration) (uuid.UUID, error) {
	t.Helper()
	fact := uuid.New()
	return fact, b.tx(t, func(tx *db.Tx) error {
		return b.SMSCodeTx(t.Context(), tx, account.SMSCode{
			Fact: fact, Phone: number, Code: "987654", Language: "ru", IP: ip, ExpiresAt: b.clock.Now().Add(life),
		})
	})
}

func (b *bundle) code(t *testing.T, number, ip string, life time.Duration) error {
	t.Helper()
	_, err := b.codeFor(t, number, ip, life)
	return err
}

func (b *bundle) ends(t *testing.T, fact uuid.UUID, state, reason string) {
	t.Helper()
	var got notify.CodeState
	require.Eventually(t, func() bool {
		var err error
		got, err = b.Code(t.Context(), fact)
		return err == nil && got.State == state && got.Reason == reason
	}, patience, 10*time.Millisecond, "%s %s", state, reason)
	var gone bool
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT code IS NULL FROM sms_code WHERE fact = $1", fact).Scan(&gone))
	require.True(t, gone, "nothing is left of the code")
}

const number, ip = "+79123456789", "192.0.2.7"

func TestCodeIsSentAndConfirmed(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	fact, err := b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	var row string
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT sms_code::text || encode(code, 'escape') FROM sms_code").Scan(&row))
	require.NotContains(t, row, "987654")
	b.run(t)
	m, ok := b.smsc.Wait(t.Context(), smppfake.Filter{To: number})
	require.True(t, ok)
	require.Equal(t, "987654 — ваш код для Parley. Никому его не сообщайте.", m.Text)
	require.Equal(t, "Parley", m.From)
	require.Equal(t, "000000001000000R", m.Validity, "the network forgets it when it is over")
	b.ends(t, fact, "delivered", "")
	require.NotContains(t, b.log.String(), "987654")
	require.NotContains(t, b.log.String(), "secret")
}

func TestRolledBackCodeIsNotSent(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.run(t)
	require.Error(t, b.tx(t, func(tx *db.Tx) error {
		require.NoError(t, b.SMSCodeTx(t.Context(), tx, account.SMSCode{Fact: uuid.New(), Phone: number, Code: "1", Language: "en", IP: ip, ExpiresAt: b.clock.Now().Add(time.Minute)}))
		return fmt.Errorf("no")
	}))
	require.NoError(t, b.code(t, "+79990000000", ip, time.Minute))
	_, ok := b.smsc.Wait(t.Context(), smppfake.Filter{})
	require.True(t, ok)
	require.Empty(t, b.smsc.List(smppfake.Filter{To: number}))
}

func TestSameFactSendsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.run(t)
	fact := uuid.New()
	for range 3 {
		require.NoError(t, b.tx(t, func(tx *db.Tx) error {
			return b.SMSCodeTx(t.Context(), tx, account.SMSCode{Fact: fact, Phone: number, Code: "1", Language: "en", IP: ip, ExpiresAt: b.clock.Now().Add(time.Minute)})
		}))
	}
	b.ends(t, fact, "delivered", "")
	require.Equal(t, 1, b.smsc.Count())
	for range 4 { // the other four of five are still there
		require.NoError(t, b.code(t, number, ip, time.Minute))
	}
}

func TestNetworkTroubles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		knobs         smppfake.Knobs
		state, reason string
		arrived       int
	}{
		"no such number":             {smppfake.Knobs{Status: 11}, "failed", "invalid_recipient", 0},
		"busy for a moment":          {smppfake.Knobs{Status: 8, Times: 1}, "delivered", "", 1},
		"throttled for a moment":     {smppfake.Knobs{Status: 88, Times: 1}, "delivered", "", 1},
		"could not be delivered":     {smppfake.Knobs{Receipt: "UNDELIV"}, "failed", "undelivered 001", 1},
		"receipt before the answer":  {smppfake.Knobs{Early: true, Delay: 300}, "delivered", "", 1},
		"receipts twice, mixed up":   {smppfake.Knobs{Repeat: true, Reorder: true}, "delivered", "", 1},
		"in doubt once, then again":  {smppfake.Knobs{Cut: true, Times: 1}, "delivered", "", 2},
		"receipt in parameters only": {smppfake.Knobs{Tags: true}, "delivered", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, nil)
			b.smsc.Turn(c.knobs)
			fact, err := b.codeFor(t, number, ip, 10*time.Minute)
			require.NoError(t, err)
			b.run(t)
			// Pauses between attempts are by the service's clock.
			require.Eventually(t, func() bool {
				b.clock.Step(100 * time.Millisecond)
				got, err := b.Code(t.Context(), fact)
				return err == nil && got.State == c.state
			}, patience, 20*time.Millisecond)
			b.ends(t, fact, c.state, c.reason)
			require.Equal(t, c.arrived, b.smsc.Count())
		})
	}
}

func TestCodeWaitsWhileTheNetworkIsAway(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	address := b.smsc.Address()
	require.NoError(t, b.smsc.Close())
	fact, err := b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	b.run(t)
	require.Eventually(t, func() bool {
		got, err := b.Code(t.Context(), fact)
		return err == nil && got.Attempts > 0 && got.State == "waiting"
	}, patience, 10*time.Millisecond)
	back, err := smppfake.Listen(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = back.Close() })
	require.Eventually(t, func() bool {
		b.clock.Step(time.Second)
		got, err := b.Code(t.Context(), fact)
		return err == nil && got.State == "delivered"
	}, patience, 20*time.Millisecond)
	require.Equal(t, 1, back.Count())
}

func TestExpiredCodeIsNeverSent(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	fact, err := b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	b.clock.Step(10 * time.Minute)
	b.run(t)
	b.ends(t, fact, "expired", "not_sent")
	require.Zero(t, b.smsc.Count())
}

// A receipt that never comes does not leave a code open for ever; one that
// comes late still tells the truth.
func TestNeverConfirmed(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.smsc.Turn(smppfake.Knobs{ReceiptDelay: 3000})
	fact, err := b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	b.run(t)
	require.Eventually(t, func() bool {
		got, err := b.Code(t.Context(), fact)
		return err == nil && got.State == "sent"
	}, patience, 10*time.Millisecond)
	b.clock.Step(26 * time.Minute)
	b.ends(t, fact, "expired", "unconfirmed")
	b.ends(t, fact, "delivered", "")
}

// What a node took and never finished because it died, another sends.
func TestAbandonedCodeIsTakenOver(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	fact, err := b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	_, err = b.db.Worker().Exec(t.Context(), "UPDATE sms_code SET state = 'sending', attempts = 1, due_at = $1", b.clock.Now().Add(time.Minute))
	require.NoError(t, err)
	b.run(t)
	b.clock.Step(61 * time.Second)
	b.ends(t, fact, "delivered", "")
}

func TestCaps(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *bundle, o *notify.Options) {
		o.Caps = notify.Caps{PerNumber: 2, PerOrigin: 4, PerPrefix: 6, PerDay: 8}
	})
	limited := func(err error) time.Duration {
		t.Helper()
		require.True(t, fault.Is(err, fault.RateLimited), "%v", err)
		var f *fault.Error
		require.ErrorAs(t, err, &f)
		require.Positive(t, f.RetryAfter)
		return f.RetryAfter
	}
	from := func(n int) string { return fmt.Sprintf("192.0.2.%d", n) }
	to := func(n int) string { return fmt.Sprintf("+7912000000%d", n) }
	// A number.
	require.NoError(t, b.code(t, to(0), from(0), time.Minute))
	require.NoError(t, b.code(t, to(0), from(1), time.Minute))
	after := limited(b.code(t, to(0), from(2), time.Minute))
	require.LessOrEqual(t, after, 65*time.Minute)
	require.GreaterOrEqual(t, after, time.Hour)
	// An address of origin.
	for n := range 3 {
		require.NoError(t, b.code(t, to(n+1), from(0), time.Minute))
	}
	limited(b.code(t, to(5), from(0), time.Minute))
	// A prefix.
	require.NoError(t, b.code(t, to(5), from(3), time.Minute))
	limited(b.code(t, to(6), from(4), time.Minute))
	// A day: refusals were not counted.
	require.NoError(t, b.code(t, "+442079460001", from(5), time.Minute))
	require.NoError(t, b.code(t, "+442079460002", from(6), time.Minute))
	limited(b.code(t, "+442079460003", from(7), time.Minute))
	// They pass.
	b.clock.Step(27 * time.Hour)
	require.NoError(t, b.code(t, to(0), from(0), time.Minute))
}

// Whatever comes at once, exactly as many pass as the cap lets.
func TestCapIsExactUnderConcurrency(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *bundle, o *notify.Options) { o.Caps = notify.Caps{PerNumber: 5, PerOrigin: 1000} })
	var passed, refused atomic.Int32
	var group sync.WaitGroup
	for n := range 40 {
		group.Go(func() {
			err := b.code(t, number, fmt.Sprintf("192.0.2.%d", n), time.Minute)
			switch {
			case err == nil:
				passed.Add(1)
			case fault.Is(err, fault.RateLimited):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.Equal(t, int32(5), passed.Load())
	require.Equal(t, int32(35), refused.Load())
}

func TestAdministratorsHearOfAPrefixUnderAttack(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *bundle, o *notify.Options) { o.Caps = notify.Caps{PerPrefix: 3} })
	admin := b.people.Platform.Person(t, access.Administrator)
	b.confirm(t, admin)
	b.run(t)
	for n := range 5 {
		err := b.code(t, fmt.Sprintf("+7912000000%d", n), fmt.Sprintf("192.0.2.%d", n), time.Minute)
		require.Equal(t, n >= 3, err != nil)
	}
	l := b.mail.wait(t)
	require.Equal(t, admin.Email, l.To)
	require.Contains(t, l.Text, "+7912")
	require.Contains(t, l.Text, "RUB\u00a010.50", "three codes at 3.50")
	require.True(t, strings.Contains(l.Text, "RUB\u00a03.50") || strings.Contains(l.Text, "RUB\u00a07.00"), "what was refused would have cost")
	require.Contains(t, b.log.String(), "a cap is reached")
	require.Error(t, b.code(t, "+79120000009", "192.0.2.9", time.Minute))
	require.Empty(t, b.mail.got, "once is enough")
}
