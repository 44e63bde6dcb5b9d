package contact

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// List is a contact list: a named set of contacts with columns of variables.
type List struct {
	ID        uuid.UUID
	Number    int64
	Name      string
	Columns   []string // names of variables, in the order they came
	Contacts  int      // entries
	CreatedAt time.Time
}

// Entry is a contact in a list. N ascends in the order of the list and has gaps; a contact
// stands in a list once.
type Entry struct {
	N         int
	ContactID uuid.UUID
	Name      string
	Phone     string // E.164, or empty
	Email     string
	Variables map[string]string // by columns of the list; a column without a text may be missing
}

// MostEntries is how many entries are read at once.
const MostEntries = 10_000

// ListByIDTx returns a list of the company, or the fault not_found.
func (s *Service) ListByIDTx(ctx context.Context, tx *db.Tx, companyID int64, listID uuid.UUID) (List, error) {
	row, err := s.q.ListByID(ctx, tx, contactdb.ListByIDParams{CompanyID: companyID, ID: listID})
	if db.NoRows(err) {
		return List{}, errNoList
	} else if err != nil {
		return List{}, fmt.Errorf("read contact list: %w", err)
	}
	return listOf(row), nil
}

// Entries returns the entries after N, ascending: at most so many, and no more than
// [MostEntries].
func (s *Service) Entries(ctx context.Context, companyID int64, listID uuid.UUID, after, most int) ([]Entry, error) {
	var rows []contactdb.EntriesRow
	err := s.db.ViewCompany(ctx, companyID, func(tx *db.Tx) (err error) {
		rows, err = s.q.Entries(ctx, tx, contactdb.EntriesParams{
			CompanyID: companyID, ListID: listID, After: int32(after), Most: int32(min(most, MostEntries)),
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read entries of contact list: %w", err)
	}
	return entriesOf(rows)
}

var errNoList = fault.New(fault.NotFound, "There is no such contact list.")

func listOf(r contactdb.ContactList) List {
	return List{
		ID: r.ID, Number: r.Number, Name: r.Name, Columns: r.Columns, Contacts: int(r.Contacts), CreatedAt: r.CreatedAt,
	}
}

func entriesOf(rows []contactdb.EntriesRow) ([]Entry, error) {
	out := make([]Entry, len(rows))
	for i, r := range rows {
		out[i] = Entry{N: int(r.N), ContactID: r.ContactID, Name: r.Name, Phone: r.Phone, Email: r.Email}
		if err := json.Unmarshal(r.Variables, &out[i].Variables); err != nil {
			return nil, fmt.Errorf("read variables of entry %d: %w", r.N, err)
		}
	}
	return out, nil
}
