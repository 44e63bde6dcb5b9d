package contact

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
)

const (
	maxListName = 100
	clearAtOnce = 10_000 // entries of a deleted list
)

// Lists returns the company's lists, the newest first: those whose name holds the text or
// whose number it is, below a number when one is given.
func (s *Service) Lists(ctx context.Context, actor access.Actor, typed string, before *int64, most int) ([]List, error) {
	var rows []contactdb.ContactList
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		rows, err = s.q.Lists(ctx, tx, contactdb.ListsParams{
			CompanyID: actor.CompanyID, Typed: likely(typed), Before: before, Most: int32(most),
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list contact lists: %w", err)
	}
	out := make([]List, len(rows))
	for i, r := range rows {
		out[i] = listOf(r)
	}
	return out, nil
}

// likely makes what was typed mean itself in a pattern of LIKE.
func likely(typed string) string {
	return db.Likely(plain.Line(typed))
}

// ListByID returns a list of the actor's company.
func (s *Service) ListByID(ctx context.Context, actor access.Actor, listID uuid.UUID) (l List, err error) {
	err = s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		l, err = s.ListByIDTx(ctx, tx, actor.CompanyID, listID)
		return err
	})
	return l, err
}

// CreateList makes an empty list. Lists of a company have different names.
func (s *Service) CreateList(ctx context.Context, actor access.Actor, name string) (l List, err error) {
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		l, err = s.createListTx(ctx, tx, actor, name)
		return err
	})
	return l, err
}

func (s *Service) createListTx(ctx context.Context, tx *db.Tx, actor access.Actor, name string) (List, error) {
	name, err := listName(name)
	if err != nil {
		return List{}, err
	}
	number, err := s.accounts.NextNumberTx(ctx, tx, actor.CompanyID, "contact_list")
	if err != nil {
		return List{}, err
	}
	now := s.clock.Now()
	row, err := s.q.InsertList(ctx, tx, contactdb.InsertListParams{
		CompanyID: actor.CompanyID, ID: id.New(now), Number: number, Name: name, CreatedBy: &actor.UserID, CreatedAt: now,
	})
	if err != nil {
		return List{}, listErr("insert contact list", err)
	}
	return listOf(row), s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: "contact_list.created", Subject: subjectOf(row.ID), New: map[string]any{"name": name},
	})
}

// RenameList gives a list another name.
func (s *Service) RenameList(ctx context.Context, actor access.Actor, listID uuid.UUID, name string) (l List, err error) {
	if name, err = listName(name); err != nil {
		return List{}, err
	}
	err = s.withList(ctx, actor, listID, func(tx *db.Tx, before contactdb.ContactList) error {
		row, err := s.q.RenameList(ctx, tx, contactdb.RenameListParams{CompanyID: actor.CompanyID, ID: listID, Name: name})
		if err != nil {
			return listErr("rename contact list", err)
		}
		l = listOf(row)
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "contact_list.renamed", Subject: subjectOf(listID), Old: map[string]any{"name": before.Name}, New: map[string]any{"name": name},
		})
	})
	return l, err
}

// DeleteList makes a list disappear at once; its entries are cleared away in the background,
// the contacts stay.
func (s *Service) DeleteList(ctx context.Context, actor access.Actor, listID uuid.UUID) error {
	return s.withList(ctx, actor, listID, func(tx *db.Tx, before contactdb.ContactList) error {
		now := s.clock.Now()
		if err := s.q.DeleteList(ctx, tx, contactdb.DeleteListParams{CompanyID: actor.CompanyID, ID: listID, DeletedAt: &now}); err != nil {
			return fmt.Errorf("delete contact list: %w", err)
		}
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "contact_list.deleted", Subject: subjectOf(listID), Old: map[string]any{"name": before.Name, "contacts": before.Contacts},
		})
	})
}

// withList runs fn on a locked list of the actor's company.
func (s *Service) withList(ctx context.Context, actor access.Actor, listID uuid.UUID, fn func(tx *db.Tx, list contactdb.ContactList) error) error {
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.LockList(ctx, tx, contactdb.LockListParams{CompanyID: actor.CompanyID, ID: listID})
		if db.NoRows(err) {
			return errNoList
		} else if err != nil {
			return fmt.Errorf("lock contact list: %w", err)
		}
		return fn(tx, row)
	})
}

// ListEntries returns a page of a list for people, after N: all entries, or those of contacts
// in whose name, phone or email every word of the text begins a word.
func (s *Service) ListEntries(ctx context.Context, actor access.Actor, listID uuid.UUID, typed string, after, most int) ([]Entry, error) {
	if _, err := s.ListByID(ctx, actor, listID); err != nil {
		return nil, err
	}
	if strings.TrimSpace(typed) != "" {
		return s.searchEntries(ctx, actor.CompanyID, listID, typed, after, most)
	}
	var rows []contactdb.EntriesRow
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		shown, err := s.q.EntriesShown(ctx, tx, contactdb.EntriesShownParams{
			CompanyID: actor.CompanyID, ListID: listID, After: int32(after), Most: int32(most),
		})
		for _, r := range shown {
			rows = append(rows, contactdb.EntriesRow(r))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read entries of contact list: %w", err)
	}
	return entriesOf(rows)
}

func (s *Service) searchEntries(ctx context.Context, companyID int64, listID uuid.UUID, typed string, after, most int) ([]Entry, error) {
	words, ok := Words(typed)
	if !ok {
		return nil, nil
	}
	var rows []contactdb.EntriesRow
	err := s.db.SearchAs(ctx, func(tx *db.Tx) error {
		found, err := s.q.SearchEntries(ctx, tx, contactdb.SearchEntriesParams{
			CompanyID: companyID, ListID: listID, Typed: words, After: int32(after), Most: int32(most),
		})
		for _, r := range found {
			rows = append(rows, contactdb.EntriesRow(r))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search entries of contact list: %w", err)
	}
	return entriesOf(rows)
}

// RemoveEntries takes contacts out of a list; those that are not in it are passed over, and
// when none is the answer is the fault not_found.
func (s *Service) RemoveEntries(ctx context.Context, actor access.Actor, listID uuid.UUID, contacts []uuid.UUID) (l List, err error) {
	err = s.withList(ctx, actor, listID, func(tx *db.Tx, before contactdb.ContactList) error {
		row, err := s.q.RemoveEntries(ctx, tx, contactdb.RemoveEntriesParams{CompanyID: actor.CompanyID, ListID: listID, Contacts: contacts})
		if err != nil {
			return fmt.Errorf("remove entries of contact list: %w", err)
		}
		if row.Contacts == before.Contacts {
			return fault.New(fault.NotFound, "There are no such contacts in the list.")
		}
		l = listOf(row)
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "contact_list.contacts_removed", Subject: subjectOf(listID),
			Old: map[string]any{"contacts": before.Contacts}, New: map[string]any{"contacts": row.Contacts},
		})
	})
	return l, err
}

// clearLists takes away what deleted lists have left, a part in each transaction.
func (s *Service) clearLists(ctx context.Context) error {
	lists, err := s.q.DeletedLists(ctx, s.db.Worker())
	if err != nil {
		return fmt.Errorf("read deleted contact lists: %w", err)
	}
	for _, list := range lists {
		for more := true; more; {
			err := s.db.InCompany(ctx, list.CompanyID, func(tx *db.Tx) error {
				more, err = s.clearListTx(ctx, tx, list.CompanyID, list.ID)
				return err
			})
			if err != nil {
				return fmt.Errorf("clear contact list: %w", err)
			}
		}
	}
	return nil
}

func (s *Service) clearListTx(ctx context.Context, tx *db.Tx, companyID int64, listID uuid.UUID) (more bool, err error) {
	gone, err := s.q.ClearList(ctx, tx, contactdb.ClearListParams{CompanyID: companyID, ListID: listID, Most: clearAtOnce})
	if err != nil || gone == clearAtOnce {
		return true, err
	}
	if err := s.q.ForgetImportsOfList(ctx, tx, contactdb.ForgetImportsOfListParams{CompanyID: companyID, ListID: &listID}); err != nil {
		return false, err
	}
	return false, s.q.ForgetList(ctx, tx, contactdb.ForgetListParams{CompanyID: companyID, ID: listID})
}

func listName(name string) (string, error) {
	name = plain.Line(name)
	switch n := plain.Length(name); {
	case n == 0:
		return "", fault.Field("name", fault.Required, "A list needs a name.")
	case n > maxListName:
		return "", fault.Field("name", fault.TooLong, fmt.Sprintf("No more than %d characters.", maxListName))
	}
	return name, nil
}

func listErr(what string, err error) error {
	if db.Unique(err, "contact_list_name") {
		return fault.Field("name", fault.Taken, "There is a list of this name already.")
	}
	return fmt.Errorf("%s: %w", what, err)
}

func subjectOf(listID uuid.UUID) string { return "contact_list:" + listID.String() }
