package contact_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/contact"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
)

type bundle struct {
	ctx      context.Context
	db       *db.DB
	contacts *contact.Service
}

// setup makes companies 10 and 11.
func setup(t *testing.T) bundle {
	t.Helper()
	d := dbtest.New(t)
	_, err := d.Worker().Exec(t.Context(), `INSERT INTO company (id, kind, parent_id, name, currency, time_zone, created_at)
		VALUES (1, 'platform', NULL, 'P', 'RUB', 'UTC', now()), (10, 'company', 1, 'A', 'RUB', 'UTC', now()), (11, 'company', 1, 'B', 'RUB', 'UTC', now())`)
	require.NoError(t, err)
	c := clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	return bundle{t.Context(), d, contact.New(d, c, account.New(d, c, account.Options{}))}
}

func (b bundle) find(t *testing.T, company int64, address string, hints contact.Hints) (contact.Contact, uuid.UUID) {
	t.Helper()
	var c contact.Contact
	var addressID uuid.UUID
	require.NoError(t, b.db.InCompany(b.ctx, company, func(tx *db.Tx) (err error) {
		c, addressID, err = b.contacts.FindOrCreateTx(b.ctx, tx, company, contact.Address{Channel: "web", Address: address}, hints)
		return err
	}))
	return c, addressID
}

func to[T any](v T) *T { return &v }

func TestFindOrCreate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, address := b.find(t, 10, "v1", contact.Hints{Language: "ru-RU", TimeZone: "Europe/Moscow"})
	require.Equal(t, "Клиент 1", first.Name)
	require.Equal(t, int64(1), first.Number)

	again, sameAddress := b.find(t, 10, "v1", contact.Hints{Name: "Someone else", Language: "en"})
	require.Equal(t, first.ID, again.ID)
	require.Equal(t, address, sameAddress)
	require.Equal(t, "Клиент 1", again.Name, "a channel must not rename a contact")
	require.Equal(t, "en", again.Language)
	require.Equal(t, "Europe/Moscow", again.TimeZone)

	second, _ := b.find(t, 10, "v2", contact.Hints{Language: "xx-!!", TimeZone: "../../etc/passwd"})
	require.Equal(t, "Client 2", second.Name)
	require.Empty(t, second.Language)
	require.Empty(t, second.TimeZone)

	named, _ := b.find(t, 10, "v3", contact.Hints{Name: "  <b>Анна</b>\x00\u202E  " + strings.Repeat("я", 200), TimeZone: "Local"})
	require.True(t, strings.HasPrefix(named.Name, "<b>Анна</b> я"))
	require.Len(t, []rune(named.Name), 100)
	require.Empty(t, named.TimeZone)

	elsewhere, _ := b.find(t, 11, "v1", contact.Hints{})
	require.NotEqual(t, first.ID, elsewhere.ID)
	require.Equal(t, int64(1), elsewhere.Number)
}

func TestFirstMessagesAtOnceMakeOneContact(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := make([]uuid.UUID, 8)
	var g errgroup.Group
	for i := range ids {
		g.Go(func() error {
			return b.db.InCompany(b.ctx, 10, func(tx *db.Tx) error {
				c, _, err := b.contacts.FindOrCreateTx(b.ctx, tx, 10, contact.Address{Channel: "web", Address: "same"}, contact.Hints{})
				ids[i] = c.ID
				return err
			})
		})
	}
	require.NoError(t, g.Wait())
	for _, other := range ids {
		require.Equal(t, ids[0], other)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, _ := b.find(t, 10, "v1", contact.Hints{})
	actor := access.Actor{UserID: 1, CompanyID: 10}

	changed, err := b.contacts.Update(b.ctx, actor, c.ID, contact.Change{
		Name: to(" Анна  Петрова\u200B "), Phone: to("8 (912) 345-67-89"), Email: to(" anna@shop.example "),
		Tags: to([]string{"VIP", "vip", " wholesale "}), Note: to("line\r\nline\x00"),
	})
	require.NoError(t, err)
	require.Equal(t, "Анна Петрова", changed.Name)
	require.Equal(t, "+79123456789", changed.Phone)
	require.Equal(t, "anna@shop.example", changed.Email)
	require.Equal(t, []string{"VIP", "wholesale"}, changed.Tags)
	require.Equal(t, "line\nline", changed.Note)
	require.Equal(t, 2, changed.Version)

	only, err := b.contacts.Update(b.ctx, actor, c.ID, contact.Change{Phone: to(""), Tags: to([]string{"wholesale"})})
	require.NoError(t, err)
	require.Empty(t, only.Phone)
	require.Equal(t, "Анна Петрова", only.Name, "what was not named stays")

	require.NoError(t, b.db.ViewCompany(b.ctx, 10, func(tx *db.Tx) error {
		tagged, err := b.contacts.TaggedTx(b.ctx, tx, 10, "wholesale", 10)
		require.NoError(t, err)
		require.Equal(t, []uuid.UUID{c.ID}, tagged)
		tagged, err = b.contacts.TaggedTx(b.ctx, tx, 10, "VIP", 10)
		require.NoError(t, err)
		require.Empty(t, tagged)
		read, err := b.contacts.ByIDTx(b.ctx, tx, 10, c.ID)
		require.NoError(t, err)
		require.Equal(t, only, read)
		return nil
	}))

	_, err = b.contacts.Update(b.ctx, access.Actor{UserID: 1, CompanyID: 11}, c.ID, contact.Change{Name: to("Mine")})
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestUpdateTellsOthersOfNamesAndTagsOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, _ := b.find(t, 10, "v1", contact.Hints{})
	actor := access.Actor{UserID: 1, CompanyID: 10}
	for _, change := range []contact.Change{{Note: to("x")}, {Phone: to("+79123456789")}, {Name: to("Анна")}, {Name: to("Анна")}, {Tags: to([]string{"vip"})}} {
		_, err := b.contacts.Update(b.ctx, actor, c.ID, change)
		require.NoError(t, err)
	}
	var n int
	require.NoError(t, b.db.Worker().QueryRow(b.ctx, "SELECT count(*) FROM event WHERE name = 'contact.changed' AND company_id = 10").Scan(&n))
	require.Equal(t, 2, n)
}

func TestUpdateChecks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, _ := b.find(t, 10, "v1", contact.Hints{})
	for name, check := range map[string]struct {
		change contact.Change
		field  string
		code   string
	}{
		"no name":            {contact.Change{Name: to(" \u200B ")}, "name", fault.Required},
		"long name":          {contact.Change{Name: to(strings.Repeat("я", 101))}, "name", fault.TooLong},
		"phone of letters":   {contact.Change{Phone: to("call me")}, "phone", fault.BadFormat},
		"email without host": {contact.Change{Email: to("anna@")}, "email", fault.BadFormat},
		"email with a name":  {contact.Change{Email: to("Anna <anna@shop.example>")}, "email", fault.BadFormat},
		"header in email":    {contact.Change{Email: to("anna@shop.example\r\nBcc: x@y.example")}, "email", fault.BadFormat},
		"long note":          {contact.Change{Note: to(strings.Repeat("я", 4097))}, "note", fault.TooLong},
		"empty tag":          {contact.Change{Tags: to([]string{"a", " "})}, "tags.1", fault.Required},
		"long tag":           {contact.Change{Tags: to([]string{strings.Repeat("я", 41)})}, "tags.0", fault.TooLong},
		"many tags":          {contact.Change{Tags: to(strings.Split("abcdefghijklmnopqrstu", ""))}, "tags", fault.TooLong},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := b.contacts.Update(t.Context(), access.Actor{UserID: 1, CompanyID: 10}, c.ID, check.change)
			var f *fault.Error
			require.ErrorAs(t, err, &f)
			require.Equal(t, check.code, f.Fields[check.field].Code)
		})
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, _ := b.find(t, 10, "v1", contact.Hints{})
	_, err := b.contacts.Update(b.ctx, access.Actor{UserID: 1, CompanyID: 10}, c.ID, contact.Change{
		Name: to("Семён O'Neil"), Phone: to("+79123456789"), Email: to("s.oneil@shop.example"),
	})
	require.NoError(t, err)
	b.find(t, 11, "v1", contact.Hints{Name: "Семён"})
	for text, found := range map[string]bool{
		"семен": true, "Семён": true, "сем": true, "мён": false, "79123": true, "+7 9123456789": false, "7 912": false, "+79123456789": true, "oneil@shop": true, "example": true,
		"o'ne": true, "семён example": true, "семён другой": false, "' | !x & (": false, "#10": false, "company": false, "<b>": false, "!!!": false, `\`: false, "": false,
	} {
		require.NoError(t, b.db.SearchAs(b.ctx, func(tx *db.Tx) error {
			ids, err := b.contacts.SearchTx(b.ctx, tx, 10, text, 10)
			require.NoError(t, err, text)
			if found {
				require.Equal(t, []uuid.UUID{c.ID}, ids, text)
			} else {
				require.Empty(t, ids, text)
			}
			return nil
		}))
	}
}
