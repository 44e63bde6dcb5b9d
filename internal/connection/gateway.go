package connection

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/connection/internal/connectiondb"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
	"parley/internal/platform/secret"
)

// The channels that gateways serve.
const (
	SMS   = "sms"
	Email = "email"
)

const (
	longestName  = 100
	longestURL   = 500
	fastest      = 100_000 // parts a second
	gatewayTable = "gateway"
)

// Gateway is a way to a text network. The platform's serve every company by
// route; a company's own serve it alone.
type Gateway struct {
	ID        uuid.UUID
	Channel   string
	Name      string
	Address   string // of the network, without secrets
	Sender    string // what messages come from when they name nothing
	Speed     int    // parts a second; 0: no limit of ours
	State     State
	Up        bool   // as its node saw it last
	Error     string // the last one; it stays when all is well again
	ErrorAt   *time.Time
	SeenAt    *time.Time
	Version   int
	CreatedAt time.Time
}

// GatewayForm is what people say about a gateway.
type GatewayForm struct {
	Channel string // of a new one
	Name    string
	URL     string // holds the password; empty keeps the one that is stored
	Sender  string
	Speed   int
	State   State
	Version int // that the change is based on
}

// Gateways runs the use cases of gateways.
type Gateways struct {
	db       *db.DB
	q        *connectiondb.Queries
	clock    clock.Clock
	accounts *account.Service
	secrets  *secret.Box
	check    Check
	routes   routeCache
}

// Check reads the URL of a network and returns its address without secrets.
// Errors are sentences for people and quote nothing.
type Check func(channel, url string) (address string, err error)

// NewGateways returns a service.
func NewGateways(d *db.DB, c clock.Clock, accounts *account.Service, secrets *secret.Box, check Check) *Gateways {
	return &Gateways{db: d, q: connectiondb.New(), clock: c, accounts: accounts, secrets: secrets, check: check}
}

// Add adds a gateway to the actor's company. A channel's first one takes all of
// it until routes say otherwise.
func (s *Gateways) Add(ctx context.Context, actor access.Actor, f GatewayForm) (Gateway, error) {
	if f.Channel != SMS && f.Channel != Email {
		return Gateway{}, fault.Field("channel", fault.UnknownName, "There is no such channel.")
	}
	if f.URL == "" {
		return Gateway{}, fault.Field("url", fault.Required, "Say where the network is.")
	}
	now := s.clock.Now()
	g := Gateway{ID: id.New(now), Channel: f.Channel, State: Active, Version: 1, CreatedAt: now}
	sealed, err := s.read(actor.CompanyID, &g, f)
	if err != nil {
		return Gateway{}, err
	}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		err := s.q.InsertGateway(ctx, tx, connectiondb.InsertGatewayParams{
			CompanyID: actor.CompanyID, ID: g.ID, Channel: g.Channel, Name: g.Name, Sealed: sealed, Address: g.Address,
			Sender: g.Sender, Speed: g.Speed, CreatedAt: now,
		})
		if err != nil {
			return nameTaken("insert gateway", err)
		}
		if err := s.firstRouteTx(ctx, tx, actor.CompanyID, g); err != nil {
			return err
		}
		return s.changedTx(ctx, tx, actor, "gateway.added", g)
	})
	return g, err
}

// Change changes a gateway of the actor's company.
func (s *Gateways) Change(ctx context.Context, actor access.Actor, gatewayID uuid.UUID, f GatewayForm) error {
	g := Gateway{ID: gatewayID, State: f.State}
	if f.State != Active && f.State != Disabled {
		return fault.Field("state", fault.UnknownName, "There is no such state.")
	}
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.LockGateway(ctx, tx, connectiondb.LockGatewayParams{CompanyID: actor.CompanyID, ID: gatewayID})
		switch {
		case db.NoRows(err):
			return fault.New(fault.NotFound, "There is no such gateway.")
		case err != nil:
			return fmt.Errorf("lock gateway: %w", err)
		case row.Version != f.Version:
			return fault.New(fault.VersionConflict, "Somebody else has changed this meanwhile.").With("version", row.Version)
		}
		g.Channel = row.Channel
		sealed, err := s.read(actor.CompanyID, &g, f)
		if err != nil {
			return err
		}
		p := connectiondb.ChangeGatewayParams{
			CompanyID: actor.CompanyID, ID: gatewayID, Name: g.Name, Sender: g.Sender, Speed: g.Speed, State: string(g.State), Sealed: sealed,
		}
		if sealed != nil {
			p.Address = &g.Address
		}
		if _, err := s.q.ChangeGateway(ctx, tx, p); err != nil {
			return nameTaken("change gateway", err)
		}
		return s.changedTx(ctx, tx, actor, "gateway.changed", g)
	})
}

// read checks a form, fills g with it and seals the URL, if there is one.
func (s *Gateways) read(companyID int64, g *Gateway, f GatewayForm) ([]byte, error) {
	g.Name, g.Sender, g.Speed = plain.Line(f.Name), plain.Line(f.Sender), f.Speed
	switch {
	case g.Name == "":
		return nil, fault.Field("name", fault.Required, "Give the gateway a name.")
	case len(g.Name) > longestName:
		return nil, fault.Field("name", fault.TooLong, "The name is too long.")
	case len(g.Sender) > longestName:
		return nil, fault.Field("sender", fault.TooLong, "The sender is too long.")
	case g.Speed < 0 || g.Speed > fastest:
		return nil, fault.Field("speed", fault.OutOfRange, "The speed lies between 0 and 100000.")
	case f.URL == "":
		return nil, nil
	case len(f.URL) > longestURL:
		return nil, fault.Field("url", fault.TooLong, "The address is too long.")
	}
	var err error
	if g.Address, err = s.check(g.Channel, f.URL); err != nil {
		return nil, fault.Field("url", fault.BadFormat, err.Error())
	}
	return s.secrets.Seal([]byte(f.URL), place(companyID, g.ID))
}

func place(companyID int64, gatewayID uuid.UUID) secret.Place {
	return secret.Place{CompanyID: companyID, Table: gatewayTable, Row: gatewayID.String()}
}

func nameTaken(doing string, err error) error {
	if db.Unique(err, "gateway_company_id_name_key") {
		return fault.Field("name", fault.Taken, "Another gateway has this name.")
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func (s *Gateways) firstRouteTx(ctx context.Context, tx *db.Tx, companyID int64, g Gateway) error {
	lines, err := s.q.ListRoutes(ctx, tx, companyID)
	if err != nil {
		return fmt.Errorf("read routes: %w", err)
	}
	for _, l := range lines {
		if l.Channel == g.Channel {
			return nil
		}
	}
	err = s.q.PutRoute(ctx, tx, connectiondb.PutRouteParams{CompanyID: companyID, Channel: g.Channel, GatewayID: g.ID})
	if err != nil {
		return fmt.Errorf("insert first route: %w", err)
	}
	return nil
}

func (s *Gateways) changedTx(ctx context.Context, tx *db.Tx, actor access.Actor, action string, g Gateway) error {
	tx.AfterCommit(s.routes.clear)
	return s.accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: action, Subject: "gateway:" + g.ID.String(),
		New: map[string]any{"name": g.Name, "address": g.Address, "sender": g.Sender, "speed": g.Speed, "state": g.State},
	})
}

// List returns the gateways of the actor's company.
func (s *Gateways) List(ctx context.Context, actor access.Actor) ([]Gateway, error) {
	var out []Gateway
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.Gateways(ctx, tx, actor.CompanyID)
		if err != nil {
			return fmt.Errorf("read gateways: %w", err)
		}
		for _, r := range rows {
			out = append(out, Gateway{
				ID: r.ID, Channel: r.Channel, Name: r.Name, Address: r.Address, Sender: r.Sender, Speed: r.Speed, State: State(r.State),
				Up: r.Up, Error: r.Error, ErrorAt: r.ErrorAt, SeenAt: r.SeenAt, Version: r.Version, CreatedAt: r.CreatedAt,
			})
		}
		return nil
	})
	return out, err
}

// Way is a gateway as a node works with it.
type Way struct {
	CompanyID int64
	ID        uuid.UUID
	Channel   string
	URL       string // holds a password: never show or log it
	Sender    string
	Speed     int
	Version   int
}

// Active returns all gateways that are switched on.
func (s *Gateways) Active(ctx context.Context) ([]Way, error) {
	rows, err := s.q.AllGateways(ctx, s.db.Worker())
	if err != nil {
		return nil, fmt.Errorf("read gateways: %w", err)
	}
	out := make([]Way, 0, len(rows))
	for _, r := range rows {
		url, err := s.secrets.Open(r.Sealed, place(r.CompanyID, r.ID))
		if err != nil {
			return nil, fmt.Errorf("open gateway %s: %w", r.ID, err)
		}
		out = append(out, Way{CompanyID: r.CompanyID, ID: r.ID, Channel: r.Channel, URL: string(url), Sender: r.Sender, Speed: r.Speed, Version: r.Version})
	}
	return out, nil
}

// NoteHealth stores what a gateway's node sees; an empty problem keeps the last one.
func (s *Gateways) NoteHealth(ctx context.Context, w Way, up bool, problem string) error {
	now := s.clock.Now()
	err := s.q.NoteHealth(ctx, s.db.Worker(), connectiondb.NoteHealthParams{
		CompanyID: w.CompanyID, ID: w.ID, Up: up, SeenAt: &now, Error: plain.Cut(problem, 300),
	})
	if err != nil {
		return fmt.Errorf("note health of gateway: %w", err)
	}
	return nil
}
