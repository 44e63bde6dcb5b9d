package notify_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/channel"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/jobs"
	"parley/internal/platform/secret"
	"parley/internal/provider/smpp"
	"parley/internal/provider/smppfake"
)

const patience = 30 * time.Second

// inbox is a mail server that refuses as often as it is told.
type inbox struct {
	mu     sync.Mutex
	refuse []error
	got    chan channel.Letter
}

func (o *inbox) Send(_ context.Context, l channel.Letter) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.refuse) > 0 {
		err := o.refuse[0]
		o.refuse = o.refuse[1:]
		return err
	}
	o.got <- l
	return nil
}

func (o *inbox) wait(t *testing.T) channel.Letter {
	t.Helper()
	select {
	case l := <-o.got:
		return l
	case <-time.After(patience):
		require.FailNow(t, "no letter came")
		panic("unreachable")
	}
}

// bundle is a service with people, a mail server and an SMSC.
type bundle struct {
	*notify.Service
	db     *db.DB
	people *accounttest.Fixture
	ledger *ledger.Service
	clock  *clock.Fixed
	bus    *events.Bus
	mail   *inbox
	smsc   *smppfake.Server
	files  *blob.Store
	log    *lockedBuffer
	again  func(o notify.Options) *notify.Service // another node
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var mailRoute = notify.MailRoute{URL: "smtp://mail", From: "no-reply@parley.example"}

func setup(t *testing.T, change func(b *bundle, o *notify.Options)) *bundle {
	t.Helper()
	b := &bundle{db: dbtest.New(t), mail: &inbox{got: make(chan channel.Letter, 99)}, log: &lockedBuffer{}}
	b.people = accounttest.New(t, b.db)
	b.clock = clock.At(time.Now().Truncate(time.Microsecond))
	var err error
	b.smsc, err = smppfake.Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.smsc.Close() })
	b.files, err = blob.Open(t.TempDir())
	require.NoError(t, err)
	keys, err := secret.New(secret.NewKey(1))
	require.NoError(t, err)
	queue, err := jobs.New(b.db, jobs.Options{Poll: 100 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	o := notify.Options{
		Platform: "Parley", Address: "https://parley.example", Secrets: keys, Files: b.files, Log: slog.New(slog.NewTextHandler(b.log, nil)),
		Mail: mailRoute, SMS: notify.SMSRoute{URL: "smpp://parley:secret@" + b.smsc.Address() + "?window=50", Sender: "Parley"},
		OpenMail: func(url string) (notify.Mailer, error) {
			if url != mailRoute.URL {
				return nil, errors.New("unknown mail server")
			}
			return b.mail, nil
		},
		OpenSMS: func(url string) (channel.Adapter, string, error) {
			s, err := smpp.Parse(url)
			return smpp.New(s, smpp.Options{Answer: 2 * time.Second, Patience: time.Second, Again: 10 * time.Millisecond, Log: slog.New(slog.NewTextHandler(b.log, nil))}), s.Name(), err
		},
		CodePrice: 3_500_000, Gather: 10 * time.Millisecond,
	}
	if change != nil {
		change(b, &o)
	}
	b.ledger = ledger.New(b.db, b.clock, b.people.Service, ledger.Options{})
	deps := notify.Deps{DB: b.db, Clock: b.clock, Accounts: b.people.Service, Ledger: b.ledger, Queue: queue}
	b.Service, err = notify.New(deps, o)
	require.NoError(t, err)
	b.bus = events.New(b.db, events.Options{})
	b.Subscribe(b.bus)
	b.Work()
	require.NoError(t, queue.Start(t.Context()))
	t.Cleanup(func() { _ = queue.Stop(context.Background()) })
	b.again = func(o notify.Options) *notify.Service {
		s, err := notify.New(deps, o)
		require.NoError(t, err)
		return s
	}
	return b
}

// run runs what nodes run, until the test ends.
func (b *bundle) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { b.Run(ctx) })
	group.Go(func() { b.Alarm(ctx) })
	t.Cleanup(func() {
		cancel()
		group.Wait()
	})
}

func (b *bundle) confirm(t *testing.T, people ...accounttest.Person) {
	t.Helper()
	for _, p := range people {
		_, err := b.db.Worker().Exec(t.Context(), "UPDATE users SET email_confirmed = true, language = 'en' WHERE id = $1", p.ID)
		require.NoError(t, err)
	}
}

func (b *bundle) tx(t *testing.T, fn func(tx *db.Tx) error) error {
	t.Helper()
	return b.db.AsWorker(t.Context(), fn)
}

func (b *bundle) lock(t *testing.T, e account.Locked) {
	t.Helper()
	require.NoError(t, b.tx(t, func(tx *db.Tx) error { return events.PublishTx(t.Context(), tx, 0, e) }))
	require.NoError(t, b.bus.Drain(t.Context()))
}

func (b *bundle) letters(t *testing.T, state string) (n int) {
	t.Helper()
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT count(*) FROM letter WHERE state = $1", state).Scan(&n))
	return n
}

func TestOwnerHearsOfALock(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	owner := b.people.Direct.Person(t, access.Owner)
	b.confirm(t, owner)
	b.mail.refuse = []error{&channel.SendError{Reason: channel.NetworkBusy, Retry: true}}
	b.lock(t, account.Locked{UserID: owner.ID, IP: "192.0.2.7", Until: time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC)})
	l := b.mail.wait(t)
	require.Equal(t, owner.Email, l.To)
	require.Contains(t, l.Subject, "is locked until 23:59 (UTC")
	require.Contains(t, l.Text, "192.0.2.7")
	require.Contains(t, l.ID, "@parley.example")
	require.Equal(t, `"Parley" <no-reply@parley.example>`, l.From)
	require.Eventually(t, func() bool { return b.letters(t, "sent") == 1 }, patience, 10*time.Millisecond)
}

// Guesses at a login that nobody has must not stop the letters of others.
func TestLockOfNobodysLoginIsPassedOver(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for range 5 {
		_, err := b.people.Service.SignIn(t.Context(), account.Credentials{Login: "nobody@example.com", Password: "guess"})
		require.Error(t, err)
	}
	owner := b.people.Direct.Person(t, access.Owner)
	b.confirm(t, owner)
	b.lock(t, account.Locked{UserID: owner.ID})
	require.Equal(t, owner.Email, b.mail.wait(t).To)
}

func TestRefusedForGoodIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	owner := b.people.Direct.Person(t, access.Owner)
	b.confirm(t, owner)
	b.mail.refuse = []error{&channel.SendError{Reason: channel.InvalidRecipient}}
	b.lock(t, account.Locked{UserID: owner.ID})
	require.Eventually(t, func() bool { return b.letters(t, "failed") == 1 }, patience, 10*time.Millisecond)
	require.Empty(t, b.mail.got)
}

func TestUnconfirmedAddressGetsOnlyWhatConfirmsOrRestores(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	owner := b.people.Direct.Person(t, access.Owner)
	_, err := b.db.Worker().Exec(t.Context(), "UPDATE users SET email_confirmed = false WHERE id = $1", owner.ID)
	require.NoError(t, err)
	for kind, written := range map[string]bool{
		"email_confirmation": true, "recovery": true, "address_in_use": true, "password_changed": false, "legal_texts_changed": false,
	} {
		require.NoError(t, b.tx(t, func(tx *db.Tx) error {
			return b.LetterTx(t.Context(), tx, account.Letter{
				Fact: id.New(time.Now()), Kind: kind, UserID: &owner.ID, To: owner.Email, Language: "en",
				Data: map[string]string{"IP": "192.0.2.7"}, Secret: map[string]string{"Link": "https://parley.example/x"},
			})
		}), kind)
		var n int
		require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT count(*) FROM letter WHERE kind = $1", kind).Scan(&n))
		require.Equal(t, written, n == 1, kind)
	}
	// An address that is no user's gets what concerns the address itself, and papers.
	require.Error(t, b.tx(t, func(tx *db.Tx) error {
		return b.LetterTx(t.Context(), tx, account.Letter{Fact: uuid.New(), Kind: "legal_texts_changed", To: "x@example.com", Language: "en"})
	}))
}

func TestLinksAreSealedAndGoOnceSent(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.mail.refuse = []error{&channel.SendError{Reason: channel.NetworkBusy, Retry: true}}
	const link = "https://parley.example/recovery#tokentokentoken"
	letter := account.Letter{
		Fact: uuid.New(), Kind: "recovery", To: "anna@example.com", Language: "ru", Secret: map[string]string{"Link": link},
	}
	for range 2 { // the same fact writes once
		require.NoError(t, b.tx(t, func(tx *db.Tx) error { return b.LetterTx(t.Context(), tx, letter) }))
	}
	var row string
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT letter::text || encode(coalesce(secret, ''), 'escape') FROM letter").Scan(&row))
	require.NotContains(t, row, "token")
	l := b.mail.wait(t)
	require.Contains(t, l.Text, link)
	require.Contains(t, l.HTML, "tokentokentoken")
	require.Eventually(t, func() bool { return b.letters(t, "sent") == 1 }, patience, 10*time.Millisecond)
	var gone bool
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT secret IS NULL FROM letter").Scan(&gone))
	require.True(t, gone)
	require.NotContains(t, b.log.String(), "token")
	require.Empty(t, b.mail.got)
}

func TestLetterThatMissesAValueIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	require.ErrorContains(t, b.tx(t, func(tx *db.Tx) error {
		return b.LetterTx(t.Context(), tx, account.Letter{Fact: uuid.New(), Kind: "recovery", To: "anna@example.com", Language: "en"})
	}), "Link")
}

func TestPaperGoesToTheCompanysPeopleWithItsFileAndBrand(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	firm := b.people.First // below a reseller
	owner, accountant, operator := firm.Person(t, access.Owner), firm.Person(t, access.Accountant), firm.Person(t, access.Operator)
	b.confirm(t, owner, accountant, operator)
	stored := blob.Key{CompanyID: firm.ID, ID: uuid.New()}
	pdf := []byte("%PDF-1.7 paper")
	_, err := b.files.Put(t.Context(), stored, bytes.NewReader(pdf), 1<<20)
	require.NoError(t, err)
	require.NoError(t, b.tx(t, func(tx *db.Tx) error {
		return b.CompanyLetterTx(t.Context(), tx, notify.CompanyLetter{
			CompanyID: firm.ID, Roles: []access.Role{access.Owner, access.Accountant}, Kind: "invoice", Fact: uuid.New(),
			Files: []notify.File{{Name: "A-17.pdf", MediaType: "application/pdf", Key: stored}},
			Data: func(account.Recipient) map[string]string {
				return map[string]string{"Number": "A-17", "Total": notify.Amount(money.Money{Amount: 12 * money.Unit, Currency: "RUB"}, "en"), "DueOn": "2026-12-05", "ID": "x"}
			},
		})
	}))
	got := map[string]channel.Letter{}
	for range 2 {
		l := b.mail.wait(t)
		got[l.To] = l
	}
	require.Contains(t, got, owner.Email)
	require.Contains(t, got, accountant.Email)
	l := got[accountant.Email]
	require.Equal(t, []channel.File{{Name: "A-17.pdf", MediaType: "application/pdf", Content: pdf}}, l.Files)
	require.Contains(t, l.From, b.people.Reseller.Name, "the reseller's customers know it by its name")
	require.NotContains(t, l.Text+l.HTML, "Parley ")
	require.Empty(t, b.mail.got)
}

func TestPreview(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	require.Contains(t, notify.Kinds(), "email_confirmation")
	p, err := b.Preview("email_confirmation", "ru")
	require.NoError(t, err)
	require.Contains(t, p.Text, "Анна")
	for _, wrong := range [][2]string{{"nothing", "ru"}, {"recovery", "fr"}} {
		_, err := b.Preview(wrong[0], wrong[1])
		require.True(t, fault.Is(err, fault.NotFound))
	}
}

func TestStoredRoutesCount(t *testing.T) {
	t.Parallel()
	var fixed notify.Options
	b := setup(t, func(_ *bundle, o *notify.Options) {
		fixed = *o
		o.Mail, o.SMS = notify.MailRoute{}, notify.SMSRoute{}
	})
	ready, err := b.SMSReady(t.Context())
	require.NoError(t, err)
	require.False(t, ready)
	require.True(t, fault.Is(b.code(t, "+79123456789", "192.0.2.7", time.Minute), fault.Unavailable))

	err = b.SaveRoutes(t.Context(), notify.Routes{SMS: &notify.SMSRoute{URL: "smpp://parley:secret@"}})
	require.True(t, fault.Is(err, fault.Invalid))
	require.NotContains(t, err.Error(), "secret")
	require.NoError(t, b.SaveRoutes(t.Context(), notify.Routes{Mail: &fixed.Mail, SMS: &fixed.SMS}))
	var row string
	require.NoError(t, b.db.Worker().QueryRow(t.Context(), "SELECT string_agg(encode(sealed, 'escape'), ' ') FROM delivery_route").Scan(&row))
	require.NotContains(t, row, "smpp")
	ready, err = b.SMSReady(t.Context())
	require.NoError(t, err)
	require.True(t, ready)

	b.run(t)
	require.NoError(t, b.code(t, "+79123456789", "192.0.2.7", time.Minute))
	m, ok := b.smsc.Wait(t.Context(), smppfake.Filter{To: "+79123456789"})
	require.True(t, ok)
	require.Equal(t, "Parley", m.From)
	b.lock(t, account.Locked{UserID: b.confirmed(t).ID})
	require.NotEmpty(t, b.mail.wait(t).Subject)
}

func (b *bundle) confirmed(t *testing.T) accounttest.Person {
	t.Helper()
	owner := b.people.Direct.Person(t, access.Owner)
	b.confirm(t, owner)
	return owner
}

func TestTryRoutes(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *bundle, o *notify.Options) { o.Mail, o.SMS = notify.MailRoute{}, notify.SMSRoute{} })
	require.NoError(t, b.TryMail(t.Context(), mailRoute, "anna@example.com", "ru"))
	require.Contains(t, b.mail.wait(t).Subject, "Проверочное")
	b.mail.refuse = []error{&channel.SendError{Reason: channel.BadCredentials, Detail: "no"}}
	require.True(t, fault.Is(b.TryMail(t.Context(), mailRoute, "anna@example.com", "en"), fault.Unavailable))

	route := notify.SMSRoute{URL: "smpp://parley:secret@" + b.smsc.Address(), Sender: "Parley"}
	require.NoError(t, b.TrySMS(t.Context(), route, "+79123456789", "en"))
	m, ok := b.smsc.Wait(t.Context(), smppfake.Filter{})
	require.True(t, ok)
	require.Equal(t, "Test message from Parley.", m.Text)
	b.smsc.Turn(smppfake.Knobs{Status: 10})
	require.True(t, fault.Is(b.TrySMS(t.Context(), route, "+79123456789", "en"), fault.Unavailable))
}
