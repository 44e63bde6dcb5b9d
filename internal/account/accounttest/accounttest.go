// Package accounttest gives tests companies and people.
package accounttest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
)

// Password is everybody's.
const Password = "correct horse battery"

// Cheap makes hashing passwords take no time.
var Cheap = account.Cost{MemoryKiB: 16, Passes: 1}

// Fixture is a small installation: the platform, a reseller with two dependent
// companies, and a company that the platform serves itself. People are made
// when they are first asked for.
type Fixture struct {
	Service  *account.Service
	DB       *db.DB
	Platform *Firm
	Reseller *Firm
	First    *Firm // below the reseller
	Second   *Firm // below the reseller
	Direct   *Firm // below the platform
}

// Firm is a company with its people.
type Firm struct {
	account.Company
	fixture *Fixture
	mu      sync.Mutex
	people  map[string]Person
	made    int
}

// Person is a user in a company.
type Person struct {
	ID    int64
	Name  string
	Email string
	Phone string
	Actor access.Actor
}

// New makes the companies with the machine's clock.
func New(t testing.TB, d *db.DB) *Fixture {
	t.Helper()
	return NewAt(t, d, clock.Real{}, account.Options{})
}

// NewAt makes the companies with a clock and options of the test's own.
func NewAt(t testing.TB, d *db.DB, c clock.Clock, o account.Options) *Fixture {
	t.Helper()
	if o.PasswordCost == (account.Cost{}) {
		o.PasswordCost = Cheap
	}
	if o.Pause == nil {
		o.Pause = func(context.Context, time.Duration) error { return nil }
	}
	f := &Fixture{Service: account.New(d, c, o), DB: d}
	f.Platform = f.firm(t, "Parley", access.Platform, 0)
	f.Reseller = f.firm(t, "Northwind Resale", access.Reseller, f.Platform.ID)
	f.First = f.firm(t, "Blue Bakery", access.Company, f.Reseller.ID)
	f.Second = f.firm(t, "Green Garage", access.Company, f.Reseller.ID)
	f.Direct = f.firm(t, "Red Robot", access.Company, f.Platform.ID)
	return f
}

// Firms lists the companies from the top of the tree down.
func (f *Fixture) Firms() []*Firm {
	return []*Firm{f.Platform, f.Reseller, f.First, f.Second, f.Direct}
}

func (f *Fixture) firm(t testing.TB, name string, kind access.CompanyKind, parent int64) *Firm {
	t.Helper()
	company, err := f.Service.CreateCompany(context.Background(), access.Actor{}, account.NewCompany{
		ParentID: parent, Kind: kind, Name: name, Currency: "RUB", TimeZone: "Europe/Moscow",
	})
	require.NoError(t, err)
	return &Firm{Company: company, fixture: f, people: map[string]Person{}}
}

// Person returns the company's user with exactly these roles, always the same.
func (f *Firm) Person(t testing.TB, roles ...access.Role) Person {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	key := fmt.Sprint(roles)
	if _, ok := f.people[key]; !ok {
		f.people[key] = f.make(t, roles)
	}
	return f.people[key]
}

// Actor returns the company's user with exactly these roles as they act there.
func (f *Firm) Actor(t testing.TB, roles ...access.Role) access.Actor {
	t.Helper()
	return f.Person(t, roles...).Actor
}

// Another makes one more user with these roles.
func (f *Firm) Another(t testing.TB, roles ...access.Role) Person {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.make(t, roles)
}

func (f *Firm) make(t testing.TB, roles []access.Role) Person {
	t.Helper()
	ctx := context.Background()
	f.made++
	place := strings.ToLower(strings.Fields(f.Name)[0])
	p := Person{
		Name:  fmt.Sprintf("%s %s %d", strings.Fields(f.Name)[0], roles[0], f.made),
		Email: fmt.Sprintf("%s%d@%s.example", roles[0], f.made, place),
		Phone: fmt.Sprintf("+7900%03d%04d", f.ID%1000, f.made),
	}
	var err error
	p.ID, err = f.fixture.Service.CreateUser(ctx, account.NewUser{
		Name: p.Name, Email: p.Email, EmailConfirmed: true, Phone: p.Phone, Password: Password, Language: "en",
	})
	require.NoError(t, err)
	require.NoError(t, f.fixture.Service.AddMember(ctx, access.Actor{}, account.NewMember{CompanyID: f.ID, UserID: p.ID, Roles: roles}))
	p.Actor, err = f.fixture.Service.InCompany(ctx, access.Actor{UserID: p.ID, IP: "192.0.2.1"}, f.ID)
	require.NoError(t, err)
	return p
}

// Describe fills in the company's information, as a Russian entrepreneur's.
func (f *Firm) Describe(t testing.TB) {
	t.Helper()
	details := fmt.Sprintf(`{"country":"RU","kind":"entrepreneur","legal_name":"ИП %[1]s","inn":"500100732259","ogrn":"304500116000157",
		"tax_regime":"simplified","vat_rate":"none","postal_same":true,"bank":{"name":"Bank","bik":"044525225","account":"40802810900000000001",
		"correspondent_account":"30101810400000000225"},"legal_address":{"country":"RU","postal_code":"101000","city":"Москва","street":"%[1]s"}}`, f.Name)
	_, err := f.fixture.DB.Worker().Exec(context.Background(),
		`INSERT INTO company_details (company_id, email, phone, requisites) VALUES ($1, 'a@b.example', '+79001234567', $2)`, f.ID, details)
	require.NoError(t, err)
}
