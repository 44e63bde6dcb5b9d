package contact

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"parley/internal/account"
	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
)

// Contact is a person at the other end.
type Contact struct {
	ID        uuid.UUID
	Number    int64
	Name      string
	Phone     string // E.164 or empty
	Email     string
	Tags      []string
	Note      string
	Language  string // BCP 47 or empty
	TimeZone  string // IANA name or empty
	Version   int
	CreatedAt time.Time
}

// Address is an identity in a channel.
type Address struct {
	Channel string
	Address string
}

// Hints are what a channel tells about a person without being asked. What is no language or
// time zone is left out: a browser may say anything.
type Hints struct {
	Name     string
	Language string
	TimeZone string
	Number   int64 // for a new contact, taken beforehand; 0 takes the next one
}

// Changed says that a contact has another name or other tags.
type Changed struct {
	ContactID uuid.UUID `json:"contact_id"`
	Name      string    `json:"name"`
	Tags      []string  `json:"tags"`
}

// EventName names the event.
func (Changed) EventName() string { return "contact.changed" }

// Service runs the use cases of contacts.
type Service struct {
	db       *db.DB
	q        *contactdb.Queries
	clock    clock.Clock
	accounts *account.Service
}

// New returns a service.
func New(d *db.DB, c clock.Clock, accounts *account.Service) *Service {
	return &Service{db: d, q: contactdb.New(), clock: c, accounts: accounts}
}

// FindOrCreateTx returns the contact that an address leads to, and the address's id. An
// address never seen before makes a new contact, whose name, when the channel told none, says
// its number in the contact's language.
func (s *Service) FindOrCreateTx(ctx context.Context, tx *db.Tx, companyID int64, at Address, hints Hints) (Contact, uuid.UUID, error) {
	hints = hints.clean()
	key := contactdb.ByAddressParams{CompanyID: companyID, Channel: at.Channel, Address: at.Address}
	row, err := s.q.ByAddress(ctx, tx, key)
	if db.NoRows(err) {
		if err := s.lockNewTx(ctx, tx, key, &hints); err != nil {
			return Contact{}, uuid.Nil, err
		}
		row, err = s.q.ByAddress(ctx, tx, key)
	}
	switch {
	case db.NoRows(err):
		return s.createTx(ctx, tx, companyID, at, hints)
	case err != nil:
		return Contact{}, uuid.Nil, fmt.Errorf("read contact by address: %w", err)
	}
	c := contactOf(row.Contact)
	if err := s.learnTx(ctx, tx, companyID, &c, hints); err != nil {
		return Contact{}, uuid.Nil, err
	}
	return c, row.AddressID, nil
}

// lockNewTx waits for whoever else makes a contact of this address, and takes the number: an
// import holds the counter while it makes contacts of many addresses.
func (s *Service) lockNewTx(ctx context.Context, tx *db.Tx, key contactdb.ByAddressParams, hints *Hints) (err error) {
	if err := s.q.LockAddress(ctx, tx, contactdb.LockAddressParams(key)); err != nil {
		return fmt.Errorf("lock address: %w", err)
	}
	if hints.Number == 0 {
		hints.Number, err = s.accounts.NextNumberTx(ctx, tx, key.CompanyID, "contact")
	}
	return err
}

func (s *Service) createTx(ctx context.Context, tx *db.Tx, companyID int64, at Address, hints Hints) (Contact, uuid.UUID, error) {
	now := s.clock.Now()
	c := Contact{
		ID: id.New(now), Number: hints.Number, Name: hints.Name, Tags: []string{}, Language: hints.Language,
		TimeZone: hints.TimeZone, Version: 1, CreatedAt: now,
	}
	if c.Name == "" {
		c.Name = unnamed(c.Number, hints.Language)
	}
	err := s.q.Insert(ctx, tx, contactdb.InsertParams{
		CompanyID: companyID, ID: c.ID, Number: c.Number, Name: c.Name, Language: c.Language, TimeZone: c.TimeZone, CreatedAt: now,
	})
	if err != nil {
		return Contact{}, uuid.Nil, fmt.Errorf("insert contact: %w", err)
	}
	addressID := id.New(now)
	err = s.q.InsertAddress(ctx, tx, contactdb.InsertAddressParams{
		CompanyID: companyID, ID: addressID, ContactID: c.ID, Channel: at.Channel, Address: at.Address, CreatedAt: now,
	})
	if err != nil {
		return Contact{}, uuid.Nil, fmt.Errorf("insert address: %w", err)
	}
	return c, addressID, nil
}

// learnTx keeps the language and the zone that the contact has now. A name is only taken for
// a new contact: an operator may have corrected it since.
func (s *Service) learnTx(ctx context.Context, tx *db.Tx, companyID int64, c *Contact, hints Hints) error {
	same := func(hint, known string) bool { return hint == "" || hint == known }
	if same(hints.Language, c.Language) && same(hints.TimeZone, c.TimeZone) {
		return nil
	}
	err := s.q.SetHints(ctx, tx, contactdb.SetHintsParams{
		CompanyID: companyID, ID: c.ID, Language: hints.Language, TimeZone: hints.TimeZone,
	})
	if err != nil {
		return fmt.Errorf("update contact's hints: %w", err)
	}
	if hints.Language != "" {
		c.Language = hints.Language
	}
	if hints.TimeZone != "" {
		c.TimeZone = hints.TimeZone
	}
	return nil
}

// ByIDTx returns a contact of the company.
func (s *Service) ByIDTx(ctx context.Context, tx *db.Tx, companyID int64, contactID uuid.UUID) (Contact, error) {
	row, err := s.q.ByID(ctx, tx, contactdb.ByIDParams{CompanyID: companyID, ID: contactID})
	if db.NoRows(err) {
		return Contact{}, notFound()
	} else if err != nil {
		return Contact{}, fmt.Errorf("read contact: %w", err)
	}
	return contactOf(row), nil
}

func notFound() error { return fault.New(fault.NotFound, "There is no such contact.") }

func unnamed(number int64, lang string) string {
	word := "Client "
	if lang == "ru" || strings.HasPrefix(lang, "ru-") {
		word = "Клиент "
	}
	return word + strconv.FormatInt(number, 10)
}

func (h Hints) clean() Hints {
	h.Name = plain.Cut(plain.Line(h.Name), maxName)
	tag, err := language.Parse(h.Language)
	if h.Language = tag.String(); err != nil || len(h.Language) > 35 || h.Language == "und" {
		h.Language = ""
	}
	// "Local" would be the zone of this machine.
	zone, err := time.LoadLocation(h.TimeZone)
	if err != nil || h.TimeZone == "" || h.TimeZone == "Local" || len(h.TimeZone) > 64 {
		h.TimeZone = ""
	} else {
		h.TimeZone = zone.String()
	}
	return h
}

func contactOf(r contactdb.Contact) Contact {
	return Contact{
		ID: r.ID, Number: r.Number, Name: r.Name, Phone: r.Phone, Email: r.Email, Tags: r.Tags, Note: r.Note,
		Language: r.Language, TimeZone: r.TimeZone, Version: int(r.Version), CreatedAt: r.CreatedAt,
	}
}
