package connection

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/connection/internal/connectiondb"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// Web is the channel of widgets on sites.
const Web = "web"

// State is where a connection stands.
type State string

// The states.
const (
	Active   State = "active"
	Disabled State = "disabled"
	Paused   State = "paused" // by billing: its monthly fee is not paid
)

// MaxSites is how many sites a connection may name.
const MaxSites = 50

// Connection is a configured entry to a channel.
type Connection struct {
	CompanyID    int64
	ID           uuid.UUID
	Channel      string
	Name         string
	State        State
	PublicKey    string
	AllowedSites Sites
	CreatedAt    time.Time
}

// Service runs the use cases of connections.
type Service struct {
	db    *db.DB
	q     *connectiondb.Queries
	clock clock.Clock
	known *cache
}

// New returns a service.
func New(d *db.DB, c clock.Clock) *Service {
	return &Service{db: d, q: connectiondb.New(), clock: c, known: newCache()}
}

// NewWeb says what a new web connection is like.
type NewWeb struct {
	Name         string
	AllowedSites []string
}

// CreateWebTx adds a web connection with a new public key.
func (s *Service) CreateWebTx(ctx context.Context, tx *db.Tx, companyID int64, n NewWeb) (Connection, error) {
	sites, err := ParseSites("allowed_sites", n.AllowedSites)
	if err != nil {
		return Connection{}, err
	}
	now := s.clock.Now()
	c := Connection{
		CompanyID: companyID, ID: id.New(now), Channel: Web, Name: n.Name, State: Active,
		PublicKey: newKey(), AllowedSites: sites, CreatedAt: now,
	}
	err = s.q.Insert(ctx, tx, connectiondb.InsertParams{
		CompanyID: companyID, ID: c.ID, Channel: c.Channel, Name: c.Name, AllowedSites: sites, CreatedAt: now,
	})
	if err != nil {
		return Connection{}, fmt.Errorf("insert connection: %w", err)
	}
	err = s.q.InsertKey(ctx, tx, connectiondb.InsertKeyParams{PublicKey: c.PublicKey, CompanyID: companyID, ConnectionID: c.ID})
	if err != nil {
		return Connection{}, fmt.Errorf("insert web key: %w", err)
	}
	return c, nil
}

// ByIDsTx returns those of the company's connections that ids name.
func (s *Service) ByIDsTx(ctx context.Context, tx *db.Tx, companyID int64, ids []uuid.UUID) (map[uuid.UUID]Connection, error) {
	rows, err := s.q.ByIDs(ctx, tx, connectiondb.ByIDsParams{CompanyID: companyID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read connections: %w", err)
	}
	out := make(map[uuid.UUID]Connection, len(rows))
	for _, r := range rows {
		out[r.ID] = connectionOf(connectiondb.ByKeyRow(r))
	}
	return out, nil
}

// SetSitesTx replaces the sites that may show the widget.
func (s *Service) SetSitesTx(ctx context.Context, tx *db.Tx, companyID int64, connectionID uuid.UUID, sites Sites) error {
	n, err := s.q.SetSites(ctx, tx, connectiondb.SetSitesParams{CompanyID: companyID, ID: connectionID, AllowedSites: sites})
	return s.changed(tx, n, err)
}

// SetStateTx switches a connection on or off.
func (s *Service) SetStateTx(ctx context.Context, tx *db.Tx, companyID int64, connectionID uuid.UUID, state State) error {
	n, err := s.q.SetState(ctx, tx, connectiondb.SetStateParams{CompanyID: companyID, ID: connectionID, State: string(state)})
	return s.changed(tx, n, err)
}

// SetNameTx renames a connection.
func (s *Service) SetNameTx(ctx context.Context, tx *db.Tx, companyID int64, connectionID uuid.UUID, name string) error {
	n, err := s.q.SetName(ctx, tx, connectiondb.SetNameParams{CompanyID: companyID, ID: connectionID, Name: name})
	return s.changed(tx, n, err)
}

func (s *Service) changed(tx *db.Tx, rows int64, err error) error {
	if err != nil {
		return fmt.Errorf("change connection: %w", err)
	}
	if rows == 0 {
		return fault.New(fault.NotFound, "There is no such connection.")
	}
	tx.AfterCommit(s.known.clear)
	return nil
}

var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// ByKey finds the connection that a public key names. The answer may be 2 s old.
func (s *Service) ByKey(ctx context.Context, publicKey string) (Connection, error) {
	if !keyForm.MatchString(publicKey) {
		return Connection{}, notFound()
	}
	now := s.clock.Now()
	if c, ok, hit := s.known.get(publicKey, now); hit {
		if !ok {
			return Connection{}, notFound()
		}
		return c, nil
	}
	row, err := s.q.ByKey(ctx, s.db.Worker(), publicKey)
	if db.NoRows(err) {
		s.known.put(publicKey, entry{at: now})
		return Connection{}, notFound()
	} else if err != nil {
		return Connection{}, fmt.Errorf("read connection by key: %w", err)
	}
	c := connectionOf(row)
	s.known.put(publicKey, entry{at: now, connection: c, ok: true})
	return c, nil
}

func notFound() error { return fault.New(fault.NotFound, "There is no such widget.") }

// ParseSites brings a list that a person typed to the form that is kept. Faults name the
// field and the position in it, such as allowed_sites.2.
func ParseSites(field string, typed []string) (Sites, error) {
	if len(typed) > MaxSites {
		return nil, fault.Field(field, fault.TooLong, fmt.Sprintf("No more than %d sites.", MaxSites))
	}
	out := Sites{}
	var problems *fault.Error
	for i, one := range typed {
		kept, err := ParseSite(one)
		switch {
		case err != nil:
			name := field + "." + strconv.Itoa(i)
			const sentence = "Write a site like https://shop.example, shop.example or *.shop.example."
			if problems == nil {
				problems = fault.Field(name, fault.BadFormat, sentence)
			} else {
				problems = problems.And(name, fault.BadFormat, sentence)
			}
		case !slices.Contains(out, kept):
			out = append(out, kept)
		}
	}
	if problems != nil {
		return nil, problems
	}
	return out, nil
}

func newKey() string {
	var b [18]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func connectionOf(r connectiondb.ByKeyRow) Connection {
	return Connection{
		CompanyID: r.CompanyID, ID: r.ID, Channel: r.Channel, Name: r.Name, State: State(r.State),
		PublicKey: r.PublicKey, AllowedSites: r.AllowedSites, CreatedAt: r.CreatedAt,
	}
}
