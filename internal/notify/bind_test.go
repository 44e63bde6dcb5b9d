package notify_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/notify"
	"parley/internal/platform/fault"
	"parley/internal/provider/smppfake"
)

// runs runs a node until stop is called.
func runs(t *testing.T, s *notify.Service) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	t.Cleanup(stop)
	return stop
}

// Many nodes have one bind; when the one that has it leaves or dies, another
// binds, and codes of any node go out.
func TestOneBindPerInstallation(t *testing.T) {
	t.Parallel()
	var o notify.Options
	b := setup(t, func(_ *bundle, options *notify.Options) { o = *options })
	stop := runs(t, b.Service)
	require.Eventually(t, func() bool { return b.smsc.Bound() == 1 }, patience, 10*time.Millisecond)
	runs(t, b.again(o))
	runs(t, b.again(o))
	fact, err := b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	b.ends(t, fact, "delivered", "")
	require.Never(t, func() bool { return b.smsc.Bound() > 1 }, 3*time.Second, 10*time.Millisecond)
	stop()
	require.Eventually(t, func() bool { return b.smsc.Bound() == 1 }, 10*time.Second, 10*time.Millisecond, "left")
	fact, err = b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	b.ends(t, fact, "delivered", "")
}

// A node that died has given nothing back: its lease runs out.
func TestDeadNodesBindIsTakenOver(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	_, err := b.db.Worker().Exec(t.Context(), `INSERT INTO lease (name, holder, expires_at)
		VALUES ('notify.sms', 'dead', clock_timestamp() + interval '6 seconds')`)
	require.NoError(t, err)
	fact, err := b.codeFor(t, number, ip, 10*time.Minute)
	require.NoError(t, err)
	died := time.Now()
	runs(t, b.Service)
	require.Eventually(t, func() bool { return b.smsc.Bound() == 1 }, patience, 10*time.Millisecond)
	require.Less(t, time.Since(died), 10*time.Second)
	b.ends(t, fact, "delivered", "")
}

func stored(t *testing.T) *bundle {
	return setup(t, func(_ *bundle, o *notify.Options) { o.Mail, o.SMS = notify.MailRoute{}, notify.SMSRoute{} })
}

// Routes are set after the set-up, shown without their passwords, and kept
// where the form leaves the address out.
func TestRoutesAreEdited(t *testing.T) {
	t.Parallel()
	b := stored(t)
	admin := b.people.Platform.Actor(t, access.Administrator)
	url := "smpp://parley:topsecret@" + b.smsc.Address() + "?window=50"
	_, err := b.Ways(t.Context(), b.people.Reseller.Actor(t, access.Owner))
	require.True(t, fault.Is(err, fault.Forbidden))
	w, err := b.Ways(t.Context(), admin)
	require.NoError(t, err)
	require.Equal(t, notify.Ways{}, w)

	require.NoError(t, b.ChangeRoutes(t.Context(), admin, notify.Routes{SMS: &notify.SMSRoute{URL: url, Sender: "Parley"}}))
	require.NoError(t, b.ChangeRoutes(t.Context(), admin, notify.Routes{SMS: &notify.SMSRoute{Sender: "Demo"}, Mail: &mailRoute}))
	w, err = b.Ways(t.Context(), admin)
	require.NoError(t, err)
	require.Equal(t, "smpp://parley@"+b.smsc.Address()+"?window=50", w.SMS.Address)
	require.Equal(t, "Demo", w.SMS.From)
	require.Equal(t, mailRoute.From, w.Mail.From)
	var kept, trail string
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT string_agg(encode(sealed, 'escape'), ' ') FROM delivery_route").Scan(&kept))
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT string_agg(r::text, ' ') FROM audit_record r").Scan(&trail))
	require.NotContains(t, kept+trail, "topsecret")
	require.Contains(t, trail, "routes.changed")

	runs(t, b.Service)
	require.NoError(t, b.TestSMS(t.Context(), admin, notify.SMSRoute{}, number, "en"), "over the one bind")
	m := b.smsc.List(smppfake.Filter{To: number})
	require.Len(t, m, 1)
	require.Equal(t, "Test message from Parley.", m[0].Text)
	require.Equal(t, "Demo", m[0].From)
	require.Equal(t, 1, b.smsc.Bound())
	require.NoError(t, b.TestMail(t.Context(), admin, notify.MailRoute{}, "anna@example.com", "en"))
	require.Equal(t, "anna@example.com", b.mail.wait(t).To)

	require.NoError(t, b.ForgetRoute(t.Context(), admin, "sms"))
	require.True(t, fault.Is(b.ForgetRoute(t.Context(), admin, "sms"), fault.NotFound))
	require.Eventually(t, func() bool { return b.smsc.Bound() == 0 }, patience, 10*time.Millisecond)
	require.True(t, fault.Is(b.code(t, number, ip, time.Minute), fault.Unavailable))
	require.Error(t, b.TestSMS(t.Context(), admin, notify.SMSRoute{}, number, "en"))
}

func TestRoutesOfTheSettingsStay(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	admin := b.people.Platform.Actor(t, access.Owner)
	w, err := b.Ways(t.Context(), admin)
	require.NoError(t, err)
	require.True(t, w.Mail.Fixed && w.SMS.Fixed && w.SMS.Set)
	require.NotContains(t, w.SMS.Address, "secret")
	require.True(t, fault.Is(b.ChangeRoutes(t.Context(), admin, notify.Routes{SMS: &notify.SMSRoute{Sender: "x"}}), fault.Conflict))
}

// The page says whether the bind stands and what went wrong last, and nothing
// of a password.
func TestStateOfRoutes(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	admin := b.people.Platform.Actor(t, access.Owner)
	state := func(is func(w notify.Ways) bool, why string) {
		t.Helper()
		require.Eventually(t, func() bool {
			w, err := b.Ways(t.Context(), admin)
			return err == nil && is(w)
		}, patience, 50*time.Millisecond, why)
	}
	b.smsc.Turn(smppfake.Knobs{RefuseBind: true})
	stop := runs(t, b.Service)
	state(func(w notify.Ways) bool { return w.SMS.State != nil && !w.SMS.State.Up && w.SMS.State.Error != "" }, "refused")
	w, err := b.Ways(t.Context(), admin)
	require.NoError(t, err)
	require.NotContains(t, w.SMS.State.Error, "secret")
	err = b.TestSMS(t.Context(), admin, notify.SMSRoute{URL: "smpp://parley:secret@" + b.smsc.Address()}, number, "en")
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	require.NotContains(t, err.Error(), "secret")
	b.smsc.Turn(smppfake.Knobs{})
	state(func(w notify.Ways) bool { return w.SMS.State.Up && w.SMS.State.Error != "" }, "the last error stays to be read")
	stop()
	b.clock.Step(time.Minute)
	state(func(w notify.Ways) bool { return !w.SMS.State.Up }, "nobody holds it")

	b.mail.refuse = []error{errors.New("the mail server has burnt down")}
	owner := b.people.Direct.Person(t, access.Owner)
	b.confirm(t, owner)
	b.lock(t, lockOf(owner.ID))
	state(func(w notify.Ways) bool { return w.Mail.State != nil && w.Mail.State.Up && w.Mail.State.Error != "" }, "came through at last")
	require.Equal(t, owner.Email, b.mail.wait(t).To)
}

func lockOf(userID int64) account.Locked { return account.Locked{UserID: userID, IP: "192.0.2.7"} }
