package contact

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/google/uuid"

	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
)

// Channels of addresses that imports find contacts by. A client's id is an address in the
// company's own books.
const (
	bySMS      = "sms"
	byEmail    = "email"
	byClientID = "client"
)

// chunk is a run of rows that is done in one transaction.
type chunk struct {
	upTo     int // the number of its last row
	permille int // of the file that was read
	people   []candidate
	doubles  int
	refused  []refused
}

// person is a candidate with the contact it is about.
type person struct {
	candidate
	id    uuid.UUID
	fresh bool
}

// target is where chunks go.
type target struct {
	companyID int64
	importID  uuid.UUID
	listID    uuid.UUID
	reader    reader
	done      int // rows
	failed    int // rows of them
}

// errGone says that an import was cancelled, or that somebody else works on it.
var errGone = fmt.Errorf("the import is no longer ours")

// putTx does a chunk's rows, all or none, if nobody else has.
func (m *Importer) putTx(ctx context.Context, tx *db.Tx, t *target, c chunk) error {
	_, err := m.q.HoldImport(ctx, tx, contactdb.HoldImportParams{CompanyID: t.companyID, ID: t.importID, DoneRows: int32(t.done)})
	if db.NoRows(err) {
		return errGone
	} else if err != nil {
		return fmt.Errorf("hold import: %w", err)
	}
	if err := m.q.ByIndexOnly(ctx, tx); err != nil {
		return fmt.Errorf("plan chunk: %w", err)
	}
	p := contactdb.AdvanceImportParams{
		CompanyID: t.companyID, ID: t.importID, DoneRows: int32(c.upTo), Permille: int16(c.permille), FailedRows: int32(len(c.refused)),
	}
	if len(c.people) > 0 {
		people, fresh, err := m.resolveTx(ctx, tx, t.companyID, c.people)
		if err != nil {
			return err
		}
		p.Created, p.Doubles = int32(fresh), int32(c.doubles+len(c.people)-len(people))
		if p.Added, p.Updated, err = m.enterTx(ctx, tx, t, people); err != nil {
			return err
		}
	}
	if err := m.refuseTx(ctx, tx, t, c.refused); err != nil {
		return err
	}
	if err := m.q.AdvanceImport(ctx, tx, p); err != nil {
		return fmt.Errorf("advance import: %w", err)
	}
	return nil
}

// resolveTx finds the contacts of candidates and makes those that are not there.
func (m *Importer) resolveTx(ctx context.Context, tx *db.Tx, companyID int64, candidates []candidate) ([]person, int, error) {
	// Whoever makes a contact takes its number first: until the end of this transaction nobody
	// else makes one of the same address.
	if _, err := m.accounts.NextNumbersTx(ctx, tx, companyID, "contact", 0); err != nil {
		return nil, 0, err
	}
	found, err := m.findTx(ctx, tx, companyID, candidates)
	if err != nil {
		return nil, 0, err
	}
	people := found.resolve(candidates, func() uuid.UUID { return id.New(m.clock.Now()) })
	fresh, err := m.insertTx(ctx, tx, companyID, people)
	if err != nil {
		return nil, 0, err
	}
	return people, fresh, m.addressTx(ctx, tx, companyID, people, found)
}

// findTx looks up all addresses at once.
func (m *Importer) findTx(ctx context.Context, tx *db.Tx, companyID int64, candidates []candidate) (directory, error) {
	p := contactdb.FindAddressesParams{CompanyID: companyID}
	for _, c := range candidates {
		for _, a := range c.addresses() {
			p.Channels, p.Addresses = append(p.Channels, a.Channel), append(p.Addresses, a.Address)
		}
	}
	rows, err := m.q.FindAddresses(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("find addresses: %w", err)
	}
	found := make(directory, len(rows))
	for _, r := range rows {
		found[Address{r.Channel, r.Address}] = r
	}
	return found, nil
}

// insertTx makes the fresh contacts among people and tells the others what they lack.
func (m *Importer) insertTx(ctx context.Context, tx *db.Tx, companyID int64, people []person) (fresh int, err error) {
	insert := contactdb.InsertManyParams{CompanyID: companyID, CreatedAt: m.clock.Now()}
	fill := contactdb.FillManyParams{CompanyID: companyID}
	for _, p := range people {
		if !p.fresh {
			fill.Ids, fill.Phones, fill.Emails = append(fill.Ids, p.id), append(fill.Phones, p.phone), append(fill.Emails, p.email)
			continue
		}
		insert.Ids, insert.Names = append(insert.Ids, p.id), append(insert.Names, cmp.Or(p.name, p.phone, p.email, p.clientID))
		insert.Phones, insert.Emails = append(insert.Phones, p.phone), append(insert.Emails, p.email)
	}
	if len(fill.Ids) > 0 {
		if err := m.q.FillMany(ctx, tx, fill); err != nil {
			return 0, fmt.Errorf("fill contacts: %w", err)
		}
	}
	if fresh = len(insert.Ids); fresh == 0 {
		return 0, nil
	}
	first, err := m.accounts.NextNumbersTx(ctx, tx, companyID, "contact", fresh)
	if err != nil {
		return 0, err
	}
	for i := range insert.Ids {
		insert.Numbers = append(insert.Numbers, first+int64(i))
	}
	if err := m.q.InsertMany(ctx, tx, insert); err != nil {
		return 0, fmt.Errorf("insert contacts: %w", err)
	}
	return fresh, nil
}

// addressTx keeps the addresses that were not known before.
func (m *Importer) addressTx(ctx context.Context, tx *db.Tx, companyID int64, people []person, known directory) error {
	now := m.clock.Now()
	p := contactdb.InsertAddressesParams{CompanyID: companyID, CreatedAt: now}
	for _, one := range people {
		for _, a := range one.addresses() {
			if _, ok := known[a]; !ok {
				p.Ids, p.Contacts = append(p.Ids, id.New(now)), append(p.Contacts, one.id)
				p.Channels, p.Addresses = append(p.Channels, a.Channel), append(p.Addresses, a.Address)
			}
		}
	}
	if len(p.Ids) == 0 {
		return nil
	}
	if err := m.q.InsertAddresses(ctx, tx, p); err != nil {
		return fmt.Errorf("insert addresses: %w", err)
	}
	return nil
}

// enterTx puts people into the list.
func (m *Importer) enterTx(ctx context.Context, tx *db.Tx, t *target, people []person) (added, updated int32, err error) {
	last, err := m.q.TakePlaces(ctx, tx, contactdb.TakePlacesParams{CompanyID: t.companyID, ID: t.listID, Places: int32(len(people))})
	if db.NoRows(err) {
		return 0, 0, errNoList
	} else if err != nil {
		return 0, 0, fmt.Errorf("take places in contact list: %w", err)
	}
	p := contactdb.PutEntriesParams{CompanyID: t.companyID, ListID: t.listID}
	for i, one := range people {
		p.Places, p.Contacts = append(p.Places, last-int32(len(people)-1-i)), append(p.Contacts, one.id)
		p.Names, p.Phones, p.Emails = append(p.Names, one.name), append(p.Phones, one.phone), append(p.Emails, one.email)
		p.Variables = append(p.Variables, t.reader.variables(one.candidate))
	}
	put, err := m.q.PutEntries(ctx, tx, p)
	if err != nil {
		return 0, 0, fmt.Errorf("put entries into contact list: %w", err)
	}
	err = m.q.CountEntries(ctx, tx, contactdb.CountEntriesParams{CompanyID: t.companyID, ID: t.listID, Added: int32(put.Added)})
	if err != nil {
		return 0, 0, fmt.Errorf("count entries of contact list: %w", err)
	}
	return int32(put.Added), int32(put.Updated), nil
}

// refuseTx keeps rows that were not taken, as long as they are not too many.
func (m *Importer) refuseTx(ctx context.Context, tx *db.Tx, t *target, rows []refused) error {
	rows = rows[:min(len(rows), max(maxImportErrors-t.failed, 0))]
	if len(rows) == 0 {
		return nil
	}
	p := contactdb.InsertImportErrorsParams{CompanyID: t.companyID, ImportID: t.importID}
	for _, r := range rows {
		cells, err := json.Marshal(r.cells)
		if err != nil {
			return err
		}
		p.RowsN, p.Lines = append(p.RowsN, int32(r.n)), append(p.Lines, int32(min(r.line, math.MaxInt32)))
		p.Problems, p.Cells = append(p.Problems, r.problem), append(p.Cells, string(cells))
	}
	if err := m.q.InsertImportErrors(ctx, tx, p); err != nil {
		return fmt.Errorf("keep errors of import: %w", err)
	}
	return nil
}

// addresses are where a candidate is known or will be.
func (c candidate) addresses() []Address {
	out := make([]Address, 0, 3)
	for _, a := range []Address{{byClientID, c.clientID}, {bySMS, c.phone}, {byEmail, c.email}} {
		if a.Address != "" {
			out = append(out, a)
		}
	}
	return out
}

// directory says whom addresses lead to.
type directory map[Address]contactdb.FindAddressesRow

// resolve gives every candidate its contact. Candidates that turn out to be one contact are
// joined.
func (d directory) resolve(candidates []candidate, newID func() uuid.UUID) []person {
	people := make([]person, 0, len(candidates))
	at := make(map[uuid.UUID]int, len(candidates))
	for _, c := range candidates {
		contactID, sure := d.contactOf(c)
		i, used := at[contactID]
		switch {
		case contactID != uuid.Nil && used && (sure || people[i].agrees(c)):
			people[i].learn(c)
			continue
		case contactID == uuid.Nil || used:
			people = append(people, person{c, newID(), true})
		default:
			people = append(people, person{c, contactID, false})
		}
		at[people[len(people)-1].id] = len(people) - 1
	}
	return people
}

// contactOf returns the contact of a candidate, or nothing: by the client's id, else by a
// phone, else by an e-mail address of somebody without a phone. It is sure unless others may
// have the address, too.
func (d directory) contactOf(c candidate) (contactID uuid.UUID, sure bool) {
	if r, ok := d[Address{byClientID, c.clientID}]; ok {
		return r.ContactID, true
	}
	if r, ok := d[Address{bySMS, c.phone}]; ok && (c.clientID == "" || !r.HasClientID) {
		return r.ContactID, c.clientID == ""
	}
	if r, ok := d[Address{byEmail, c.email}]; ok && (c.clientID == "" || !r.HasClientID) && (c.phone == "" || !r.HasPhone) {
		return r.ContactID, c.clientID == "" && c.phone == ""
	}
	return uuid.Nil, false
}

// agrees says that nothing keeps two candidates from being one contact.
func (c candidate) agrees(other candidate) bool {
	same := func(a, b string) bool { return a == "" || b == "" || a == b }
	return same(c.clientID, other.clientID) && same(c.phone, other.phone)
}
