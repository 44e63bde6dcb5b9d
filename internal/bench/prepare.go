package bench

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/app"
	"parley/internal/audit"
	"parley/internal/chat"
	"parley/internal/ledger"
	"parley/internal/money"
	"parley/internal/platform/blob"
	"parley/internal/platform/db"
	"parley/internal/platform/secret"
	"parley/internal/pricing"
)

const (
	benchPassword = "a password for load"
	benchLimit    = 10_000 // dialogs of one operator
)

// firmUnderLoad is a company with a chat and operators.
type firmUnderLoad struct {
	id      int64
	key     string // of the widget
	logins  []string
	screens []*socket
}

// prepare makes companies through the program's own services.
func (s *stand) prepare(ctx context.Context, companies, operators int) ([]*firmUnderLoad, error) {
	d, err := db.Open(ctx, s.url, db.Options{AppConns: 4, WorkerConns: 4, SearchConns: 1})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	files, err := blob.Open(filepath.Join(s.folder, "prepare"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = files.Close() }()
	keys, err := secret.Load(filepath.Join(s.folder, "prepare", "secret.key"))
	if err != nil {
		return nil, err
	}
	a, err := app.New(app.Options{DB: d, Files: files, Secrets: keys, Log: slog.New(slog.DiscardHandler), PublicURL: "http://127.0.0.1"})
	if err != nil {
		return nil, err
	}
	defer a.Leave(ctx)
	platform, seller, err := install(ctx, a)
	if err != nil {
		return nil, err
	}
	list, err := priceList(ctx, a, seller)
	if err != nil {
		return nil, err
	}
	out := make([]*firmUnderLoad, companies)
	for i := range out {
		if out[i], err = found(ctx, a, founding{platform, seller, list, i, operators}); err != nil {
			return nil, fmt.Errorf("company %d: %w", i, err)
		}
	}
	return out, nil
}

func install(ctx context.Context, a *app.App) (int64, access.Actor, error) {
	made, user, err := a.Accounts.Install(ctx, account.Installation{
		PlatformName: "Bench", Currency: pricing.SeedCurrency, TimeZone: "UTC",
		Owner: account.NewUser{Name: "Admin", Email: "admin@bench.example", Password: benchPassword, Language: "en"},
	})
	if err != nil {
		return 0, access.Actor{}, err
	}
	actor, err := a.Accounts.InCompany(ctx, access.Actor{UserID: user}, made.ID)
	return made.ID, actor, err
}

func priceList(ctx context.Context, a *app.App, seller access.Actor) (uuid.UUID, error) {
	list, err := a.Pricing.CreateList(ctx, seller, "Retail", pricing.SeedCurrency)
	if err != nil {
		return uuid.Nil, err
	}
	_, retail := pricing.Seed()
	_, err = a.Pricing.AddVersion(ctx, seller, pricing.NewVersion{ListID: list.ID, Items: retail})
	return list.ID, err
}

type founding struct {
	platform  int64
	seller    access.Actor
	list      uuid.UUID
	number    int
	operators int
}

func found(ctx context.Context, a *app.App, n founding) (*firmUnderLoad, error) {
	made, err := a.Accounts.CreateCompany(ctx, n.seller, account.NewCompany{
		ParentID: n.platform, Kind: access.Company, Name: fmt.Sprintf("Company %d", n.number), Currency: pricing.SeedCurrency,
		TimeZone: "Europe/Moscow", MaxDialogs: benchLimit,
	})
	if err != nil {
		return nil, err
	}
	if _, err := a.Pricing.Assign(ctx, n.seller, pricing.NewAssignment{BuyerID: made.ID, ListID: n.list}); err != nil {
		return nil, err
	}
	_, err = a.Ledger.Deposit(ctx, n.seller, ledger.Deposit{CompanyID: made.ID, Amount: 10_000_000 * money.Unit, Reason: "Load", Reference: "load"})
	if err != nil {
		return nil, err
	}
	f := &firmUnderLoad{id: made.ID}
	owner, members, err := staffOf(ctx, a, n, f)
	if err != nil {
		return nil, err
	}
	name := "Shop"
	group, err := a.Chats.CreateGroup(ctx, owner, chat.GroupChange{Name: &name, Members: &members})
	if err != nil {
		return nil, err
	}
	made2, err := a.Chats.CreateChat(ctx, owner, chat.SettingsChange{Name: &name, Groups: &[]uuid.UUID{group.ID}})
	if err != nil {
		return nil, err
	}
	f.key = made2.Connections[0].PublicKey
	return f, nil
}

func staffOf(ctx context.Context, a *app.App, n founding, f *firmUnderLoad) (access.Actor, []int64, error) {
	var owner access.Actor
	var members []int64
	for i := range n.operators + 1 {
		roles := []access.Role{access.Operator}
		if i == 0 {
			roles = []access.Role{access.Owner}
		}
		login := fmt.Sprintf("user%d@company%d.example", i, n.number)
		user, err := a.Accounts.CreateUser(ctx, account.NewUser{Name: fmt.Sprintf("User %d", i), Email: login, Password: benchPassword, Language: "en"})
		if err != nil {
			return owner, nil, err
		}
		if err := a.Accounts.AddMember(ctx, n.seller, account.NewMember{CompanyID: f.id, UserID: user, Roles: roles}); err != nil {
			return owner, nil, err
		}
		if i == 0 {
			owner, err = a.Accounts.InCompany(ctx, access.Actor{UserID: user}, f.id)
		} else {
			f.logins, members = append(f.logins, login), append(members, user)
		}
		if err != nil {
			return owner, nil, err
		}
	}
	return owner, members, nil
}

// stored counts contacts' messages, and how many different ones they are.
func (s *stand) stored(ctx context.Context) (all, distinct int64, err error) {
	d, err := db.Open(ctx, s.url, db.Options{AppConns: 1, WorkerConns: 2, SearchConns: 1})
	if err != nil {
		return 0, 0, err
	}
	defer d.Close()
	err = d.Worker().QueryRow(ctx, `
		SELECT count(*), count(DISTINCT substring(b.text FROM '#[0-9]+#'))
		FROM message m JOIN message_body b USING (company_id, id)
		WHERE m.author = 'contact'`).Scan(&all, &distinct)
	return all, distinct, err
}

// markers counts how often each marked message is stored.
func (s *stand) markers(ctx context.Context) (map[int]int64, error) {
	d, err := db.Open(ctx, s.url, db.Options{AppConns: 1, WorkerConns: 2, SearchConns: 1})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	rows, err := d.Worker().Query(ctx, `
		SELECT trim('#' FROM substring(b.text FROM '#[0-9]+#'))::int, count(*)
		FROM message m JOIN message_body b USING (company_id, id)
		WHERE m.author = 'contact' GROUP BY 1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int]int64{}
	for rows.Next() {
		var n int
		var stored int64
		if err := rows.Scan(&n, &stored); err != nil {
			return nil, err
		}
		out[n] = stored
	}
	return out, rows.Err()
}

// audit waits until everything is settled and recomputes the chain.
func (s *stand) audit(ctx context.Context) (int, error) {
	d, err := db.Open(ctx, s.url, db.Options{AppConns: 1, WorkerConns: 2, SearchConns: 1})
	if err != nil {
		return 0, err
	}
	defer d.Close()
	for deadline := time.Now().Add(settleWithin); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var waiting bool
		if err := d.Worker().QueryRow(ctx, "SELECT EXISTS (SELECT FROM pending_batch)").Scan(&waiting); err != nil {
			return 0, err
		}
		if !waiting {
			break
		}
	}
	return audit.Run(ctx, d, func(difference audit.Difference) { fmt.Fprintln(s.log, difference) })
}
