package seed

import (
	"context"
	"fmt"

	"parley/internal/access"
	"parley/internal/account"
)

// Password is the password of every demo login.
const Password = "parley-demo"

// Login is a demo user as it is printed.
type Login struct {
	Company string
	Role    string
	Email   string
}

// firm is a demo company with its people.
type firm struct {
	account.Company
	owner     access.Actor
	operators []access.Actor
}

type person struct {
	name, email, language string
	roles                 []access.Role
	limit                 *int
}

type company struct {
	name, currency, zone string
	kind                 access.CompanyKind
	people               []person
}

func limit(n int) *int { return &n }

var (
	operatorRole = []access.Role{access.Operator}
	platformFirm = company{"Parley", "RUB", "Europe/Moscow", access.Platform, nil}
	resellerFirm = company{"Northwind Resale", "RUB", "Europe/Moscow", access.Reseller, []person{
		{"Nora Winter", "reseller@northwind.example", "en", []access.Role{access.Owner}, nil},
		{"Ned Fields", "accountant@northwind.example", "en", []access.Role{access.Accountant}, nil},
	}}
	bakery = company{"Blue Bakery", "RUB", "Europe/Moscow", access.Company, []person{
		{"Olivia Stone", "owner@blue.example", "en", []access.Role{access.Owner}, nil},
		{"Adam Price", "administrator@blue.example", "en", []access.Role{access.Administrator}, nil},
		{"Emma Reed", "operator1@blue.example", "en", operatorRole, limit(40)},
		{"Jack Moore", "operator2@blue.example", "en", operatorRole, limit(40)},
		{"Mia Clark", "operator3@blue.example", "en", operatorRole, limit(20)},
		{"Alan Grey", "analyst@blue.example", "en", []access.Role{access.Analyst}, nil},
		{"Cora Banks", "accountant@blue.example", "en", []access.Role{access.Accountant}, nil},
		{"Archie Bott", "architect@blue.example", "en", []access.Role{access.BotArchitect}, nil},
	}}
	garage = company{"Green Garage", "RUB", "Asia/Yekaterinburg", access.Company, []person{
		{"Greta Hill", "owner@green.example", "en", []access.Role{access.Owner}, nil},
		{"Gil Torres", "operator@green.example", "en", operatorRole, nil},
	}}
	robot = company{"Red Robot", "RUB", "Europe/Moscow", access.Company, []person{
		{"Роман Орлов", "owner@red.example", "ru", []access.Role{access.Owner}, nil},
		{"Анна Лебедева", "operator1@red.example", "ru", operatorRole, nil},
		{"Пётр Кузнецов", "operator2@red.example", "ru", operatorRole, nil},
	}}
)

// install makes the platform's company and its administrator.
func (s *seeder) install(ctx context.Context) error {
	made, userID, err := s.app.Accounts.Install(ctx, account.Installation{
		PlatformName: platformFirm.name, Currency: platformFirm.currency, TimeZone: platformFirm.zone,
		Owner: account.NewUser{Name: "Paula Admin", Email: "admin@parley.example", EmailConfirmed: true, Password: Password, Language: "en"},
	})
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	s.platform.Company = made
	s.logins = append(s.logins, Login{made.Name, "platform administrator", "admin@parley.example"})
	s.platform.owner, err = s.app.Accounts.InCompany(ctx, access.Actor{UserID: userID}, made.ID)
	return err
}

// found makes a company below a seller, and its people.
func (s *seeder) found(ctx context.Context, seller *firm, c company) (*firm, error) {
	made, err := s.app.Accounts.CreateCompany(ctx, seller.owner, account.NewCompany{
		ParentID: seller.ID, Kind: c.kind, Name: c.name, Currency: c.currency, TimeZone: c.zone,
	})
	if err != nil {
		return nil, fmt.Errorf("company %s: %w", c.name, err)
	}
	f := &firm{Company: made}
	for _, p := range c.people {
		actor, err := s.hire(ctx, f, p)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", p.email, err)
		}
		switch p.roles[0] {
		case access.Owner:
			f.owner = actor
		case access.Operator:
			f.operators = append(f.operators, actor)
		}
	}
	return f, nil
}

func (s *seeder) hire(ctx context.Context, f *firm, p person) (access.Actor, error) {
	userID, err := s.app.Accounts.CreateUser(ctx, account.NewUser{
		Name: p.name, Email: p.email, EmailConfirmed: true, Password: Password, Language: p.language,
	})
	if err != nil {
		return access.Actor{}, err
	}
	err = s.app.Accounts.AddMember(ctx, f.owner, account.NewMember{CompanyID: f.ID, UserID: userID, Roles: p.roles, DialogLimit: p.limit})
	if err != nil {
		return access.Actor{}, err
	}
	s.logins = append(s.logins, Login{f.Name, string(p.roles[0]), p.email})
	return s.app.Accounts.InCompany(ctx, access.Actor{UserID: userID}, f.ID)
}
