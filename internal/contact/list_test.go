package contact_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/contact"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

func TestLists(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	stranger := access.Actor{UserID: 2, CompanyID: 11}
	list, err := m.contacts.CreateList(m.ctx, m.actor, " Осень  2026 ")
	require.NoError(t, err)
	require.Equal(t, "Осень 2026", list.Name)
	require.Equal(t, int64(1), list.Number)
	for _, name := range []string{"", "осень 2026"} {
		_, err := m.contacts.CreateList(m.ctx, m.actor, name)
		require.True(t, fault.Is(err, fault.Invalid), name)
	}
	theirs, err := m.contacts.CreateList(m.ctx, stranger, "Осень 2026")
	require.NoError(t, err)
	require.Equal(t, int64(1), theirs.Number)

	other, err := m.contacts.CreateList(m.ctx, m.actor, "100%")
	require.NoError(t, err)
	for typed, want := range map[string][]uuid.UUID{"": {other.ID, list.ID}, "осен": {list.ID}, "0%": {other.ID}, "_": nil, "2": {other.ID, list.ID}} {
		found, err := m.contacts.Lists(m.ctx, m.actor, typed, nil, 10)
		require.NoError(t, err)
		var ids []uuid.UUID
		for _, l := range found {
			ids = append(ids, l.ID)
		}
		require.Equal(t, want, ids, typed)
	}
	list, err = m.contacts.RenameList(m.ctx, m.actor, list.ID, "Зима")
	require.NoError(t, err)
	require.Equal(t, "Зима", list.Name)

	for name, try := range map[string]func() error{
		"read":    func() error { _, err := m.contacts.ListByID(m.ctx, stranger, list.ID); return err },
		"rename":  func() error { _, err := m.contacts.RenameList(m.ctx, stranger, list.ID, "x"); return err },
		"delete":  func() error { return m.contacts.DeleteList(m.ctx, stranger, list.ID) },
		"entries": func() error { _, err := m.contacts.ListEntries(m.ctx, stranger, list.ID, "", 0, 10); return err },
	} {
		require.True(t, fault.Is(try(), fault.NotFound), name)
	}
}

func TestEntriesAreFoundRemovedAndCleared(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	i := m.run(t, "phone,email,name\n+79120000001,anna@shop.example,Anna One\n+79120000002,,Boris Two\n+79120000003,,\nbroken,,\n", nil)
	listID := *i.ListID
	find := func(typed string, after int) (ns []int) {
		found, err := m.contacts.ListEntries(m.ctx, m.actor, listID, typed, after, 10)
		require.NoError(t, err)
		for _, e := range found {
			ns = append(ns, e.N)
		}
		return ns
	}
	require.Equal(t, []int{1, 2, 3}, find("", 0))
	require.Equal(t, []int{3}, find("", 2))
	require.Equal(t, []int{1}, find("ann", 0))
	require.Equal(t, []int{2}, find("79120000002", 0))
	require.Nil(t, find("nobody", 0))
	shown, err := m.contacts.ListEntries(m.ctx, m.actor, listID, "", 2, 10)
	require.NoError(t, err)
	require.Equal(t, "+79120000003", shown[0].Name, "without a name people see the contact's")

	entries := m.entries(t, listID)
	list, err := m.contacts.RemoveEntries(m.ctx, m.actor, listID, []uuid.UUID{entries[1].ContactID, uuid.New()})
	require.NoError(t, err)
	require.Equal(t, 2, list.Contacts)
	require.Equal(t, []int{1, 3}, find("", 0))
	_, err = m.contacts.RemoveEntries(m.ctx, m.actor, listID, []uuid.UUID{entries[1].ContactID})
	require.True(t, fault.Is(err, fault.NotFound))

	require.NoError(t, m.contacts.DeleteList(m.ctx, m.actor, listID))
	_, err = m.contacts.ListByID(m.ctx, m.actor, listID)
	require.True(t, fault.Is(err, fault.NotFound))
	require.Equal(t, 1, m.count(t, "SELECT count(*) FROM contact_import_error"))
	_, err = m.db.Worker().Exec(m.ctx, "UPDATE contact_import SET finished_at = finished_at - interval '31 days'")
	require.NoError(t, err)
	require.NoError(t, m.importer.Sweep(m.ctx))
	require.Equal(t, 0, m.count(t, "SELECT (SELECT count(*) FROM contact_list) + (SELECT count(*) FROM contact_list_entry) + (SELECT count(*) FROM contact_import_error)"))
	require.Equal(t, 3, m.count(t, "SELECT count(*) FROM contact"), "the contacts stay")
}

func TestExclusions(t *testing.T) {
	t.Parallel()
	m := setupImport(t, contact.ImportOptions{})
	added, err := m.contacts.Blacklist(m.ctx, m.actor, "email", []string{"Anna@Shop.Example", "boris@shop.example", "anna@shop.example"})
	require.NoError(t, err)
	require.Equal(t, 2, added)
	added, err = m.contacts.Blacklist(m.ctx, m.actor, "email", []string{"boris@shop.example"})
	require.NoError(t, err)
	require.Zero(t, added)
	_, err = m.contacts.Blacklist(m.ctx, m.actor, "sms", []string{"+79120000001", "anna@shop.example"})
	var f *fault.Error
	require.ErrorAs(t, err, &f)
	require.Contains(t, f.Fields, "addresses.1")

	excluded := func(company int64, channel string, addresses ...string) (out map[string]string) {
		require.NoError(t, m.db.InCompany(m.ctx, company, func(tx *db.Tx) (err error) {
			out, err = m.contacts.ExcludedTx(m.ctx, tx, company, channel, addresses)
			return err
		}))
		return out
	}
	require.NoError(t, m.db.InCompany(m.ctx, 10, func(tx *db.Tx) error {
		require.NoError(t, m.contacts.ExcludeTx(m.ctx, tx, 10, "email", "boris@shop.example", contact.HardBounce))
		require.NoError(t, m.contacts.ExcludeTx(m.ctx, tx, 10, "email", "anna@shop.example", contact.Unsubscribed))
		return m.contacts.ExcludeTx(m.ctx, tx, 10, "email", "anna@shop.example", contact.Unsubscribed)
	}))
	require.Equal(t, map[string]string{"ANNA@shop.example": contact.Unsubscribed, "boris@shop.example": contact.Blacklisted},
		excluded(10, "email", "ANNA@shop.example", "boris@shop.example", "zoya@shop.example"))
	require.Empty(t, excluded(10, "sms", "anna@shop.example"))
	require.Empty(t, excluded(11, "email", "anna@shop.example"))

	found, err := m.contacts.Exclusions(m.ctx, m.actor, contact.ExclusionFilter{Typed: "BORIS", Limit: 10})
	require.NoError(t, err)
	require.Len(t, found, 2)
	_, err = m.contacts.RemoveExclusions(m.ctx, access.Actor{UserID: 2, CompanyID: 11}, []uuid.UUID{found[0].ID})
	require.True(t, fault.Is(err, fault.NotFound))
	for _, e := range found {
		if e.ByHand {
			removed, err := m.contacts.RemoveExclusions(m.ctx, m.actor, []uuid.UUID{e.ID})
			require.NoError(t, err)
			require.Equal(t, 1, removed)
		}
	}
	require.Equal(t, map[string]string{"boris@shop.example": contact.HardBounce}, excluded(10, "email", "boris@shop.example"), "the other reason stays")
}
