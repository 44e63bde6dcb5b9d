package connection

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/connection/internal/connectiondb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Route says which gateway of its owner takes what. An empty country or
// network is any.
type Route struct {
	Channel   string
	Country   string // ISO 3166-1 alpha-2
	Network   string // MCC and MNC
	GatewayID uuid.UUID
}

// Hop is the gateway that a message takes.
type Hop struct {
	CompanyID int64 // owner
	GatewayID uuid.UUID
	Sender    string
}

var (
	countryForm = regexp.MustCompile(`^([A-Z]{2})?$`)
	networkForm = regexp.MustCompile(`^([0-9]{5,6})?$`)
)

// PutRoute sets the gateway of a country or network.
func (s *Gateways) PutRoute(ctx context.Context, actor access.Actor, r Route) error {
	switch {
	case r.Channel != SMS && r.Channel != Email:
		return fault.Field("channel", fault.UnknownName, "There is no such channel.")
	case !countryForm.MatchString(r.Country):
		return fault.Field("country", fault.BadFormat, "A country has two capital letters, such as RU.")
	case !networkForm.MatchString(r.Network) || r.Network != "" && r.Country == "":
		return fault.Field("network", fault.BadFormat, "A network is MCC and MNC, such as 25001, of a country.")
	}
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.LockGateway(ctx, tx, connectiondb.LockGatewayParams{CompanyID: actor.CompanyID, ID: r.GatewayID})
		if db.NoRows(err) || err == nil && row.Channel != r.Channel {
			return fault.Field("gateway_id", fault.UnknownName, "There is no such gateway on this channel.")
		}
		if err != nil {
			return fmt.Errorf("lock gateway: %w", err)
		}
		err = s.q.PutRoute(ctx, tx, connectiondb.PutRouteParams{
			CompanyID: actor.CompanyID, Channel: r.Channel, Country: r.Country, Network: r.Network, GatewayID: r.GatewayID,
		})
		if err != nil {
			return fmt.Errorf("put route: %w", err)
		}
		tx.AfterCommit(s.routes.clear)
		return nil
	})
}

// DeleteRoute takes a line away; what it took goes by the next less specific.
func (s *Gateways) DeleteRoute(ctx context.Context, actor access.Actor, r Route) error {
	return s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		n, err := s.q.DeleteRoute(ctx, tx, connectiondb.DeleteRouteParams{
			CompanyID: actor.CompanyID, Channel: r.Channel, Country: r.Country, Network: r.Network,
		})
		if err != nil {
			return fmt.Errorf("delete route: %w", err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "There is no such route.")
		}
		tx.AfterCommit(s.routes.clear)
		return nil
	})
}

// Routes lists the lines of the actor's company.
func (s *Gateways) Routes(ctx context.Context, actor access.Actor) ([]Route, error) {
	var out []Route
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.ListRoutes(ctx, tx, actor.CompanyID)
		for _, r := range rows {
			out = append(out, Route(r))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read routes: %w", err)
	}
	return out, nil
}

// ErrNoRoute says that nobody takes messages on the channel to there.
var ErrNoRoute = fault.New(fault.Unavailable, "No gateway takes messages on this channel to this country yet. Ask your service provider.").
	With("reason", "no_route")

// Find returns the gateway that a company's message takes: its own before the
// platform's, of each the line for the network before the one for the country
// before the one for all. The lines may be 2 s old.
func (s *Gateways) Find(ctx context.Context, companyID int64, channel, country, network string) (Hop, error) {
	platform, lines, err := s.routes.all(ctx, s)
	if err != nil {
		return Hop{}, err
	}
	for _, owner := range []int64{companyID, platform} {
		for _, k := range []line{
			{owner, channel, country, network}, {owner, channel, country, ""}, {owner, channel, "", ""},
		} {
			if hop, ok := lines[k]; ok {
				return hop, nil
			}
		}
	}
	return Hop{}, ErrNoRoute
}

type line struct {
	owner                     int64
	channel, country, network string
}

// routeCache remembers the lines of all owners; there are few.
type routeCache struct {
	mu       sync.Mutex
	platform int64
	lines    map[line]Hop
	at       time.Time
}

const routesFor = 2 * time.Second

func (c *routeCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = nil
}

// all returns the platform's company and the lines of all owners.
func (c *routeCache) all(ctx context.Context, s *Gateways) (int64, map[line]Hop, error) {
	c.mu.Lock()
	platform, known, at := c.platform, c.lines, c.at
	c.mu.Unlock()
	if known != nil && time.Since(at) < routesFor {
		return platform, known, nil
	}
	now := time.Now()
	platform, err := s.accounts.PlatformID(ctx)
	if err != nil {
		return 0, nil, err
	}
	rows, err := s.q.AllRoutes(ctx, s.db.Worker())
	if err != nil {
		return 0, nil, fmt.Errorf("read routes: %w", err)
	}
	lines := make(map[line]Hop, len(rows))
	for _, r := range rows {
		lines[line{r.CompanyID, r.Channel, r.Country, r.Network}] = Hop{CompanyID: r.CompanyID, GatewayID: r.GatewayID, Sender: r.Sender}
	}
	c.mu.Lock()
	c.platform, c.lines, c.at = platform, lines, now
	c.mu.Unlock()
	return platform, lines, nil
}
