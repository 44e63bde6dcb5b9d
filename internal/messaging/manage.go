package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/connection"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

func noCampaign() error { return fault.New(fault.NotFound, "There is no such campaign.") }

// Create adds a campaign as a draft.
func (s *Service) Create(ctx context.Context, actor access.Actor, n NewCampaign) (Campaign, error) {
	if err := s.check(ctx, actor.CompanyID, &n); err != nil {
		return Campaign{}, err
	}
	steps, err := json.Marshal(n.Steps)
	if err != nil {
		return Campaign{}, err
	}
	now := s.Clock.Now()
	c := Campaign{
		ID: id.New(now), Name: n.Name, Purpose: n.Purpose, ListID: n.ListID, Steps: n.Steps, State: Draft, Speed: n.Speed,
		Lifetime: n.Lifetime, Resend: n.Resend, StartsAt: n.StartsAt, CreatedAt: now, Version: 1,
	}
	err = s.DB.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		if _, err := s.Contacts.ListByIDTx(ctx, tx, actor.CompanyID, n.ListID); err != nil {
			return listFault(err)
		}
		if c.Number, err = s.Accounts.NextNumberTx(ctx, tx, actor.CompanyID, "campaign"); err != nil {
			return err
		}
		err := s.q.InsertCampaign(ctx, tx, messagingdb.InsertCampaignParams{
			CompanyID: actor.CompanyID, ID: c.ID, Number: c.Number, Name: c.Name, Purpose: string(c.Purpose), Steps: steps, ListID: c.ListID,
			Speed: c.Speed, LifetimeS: int(c.Lifetime / time.Second), Resend: c.Resend, StartsAt: c.StartsAt, CreatedBy: actor.Person(), CreatedAt: now,
		})
		if err != nil {
			return fmt.Errorf("insert campaign: %w", err)
		}
		return s.recordTx(ctx, tx, actor, "campaign.created", c)
	})
	return c, err
}

// check checks what can be known of a campaign before anybody is written to.
func (s *Service) check(ctx context.Context, companyID int64, n *NewCampaign) error {
	if err := n.check(); err != nil {
		return err
	}
	for i, step := range n.Steps {
		if step.Sender == "" {
			continue // the gateway's
		}
		hop, err := s.Gateways.Find(ctx, companyID, step.Channel, "", "")
		if errors.Is(err, connection.ErrNoRoute) {
			continue // there may be one for a country
		}
		if err != nil {
			return err
		}
		var refused *fault.Error
		if errors.As(checkSender(companyID, step.Channel, step.Sender, hop), &refused) {
			field := refused.Fields["from"]
			return fault.Field(fmt.Sprintf("steps.%d.sender", i), field.Code, field.Message)
		}
	}
	return nil
}

func listFault(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Field("list_id", fault.UnknownName, "There is no such contact list.")
	}
	return err
}

func (s *Service) recordTx(ctx context.Context, tx *db.Tx, actor access.Actor, action string, c Campaign) error {
	return s.Accounts.RecordTx(ctx, tx, actor, account.Change{
		Action: action, Subject: "campaign:" + c.ID.String(), New: map[string]any{"number": c.Number, "name": c.Name},
	})
}

// Change changes a campaign that was not started yet.
func (s *Service) Change(ctx context.Context, actor access.Actor, campaignID uuid.UUID, version int, n NewCampaign) error {
	if err := s.check(ctx, actor.CompanyID, &n); err != nil {
		return err
	}
	steps, err := json.Marshal(n.Steps)
	if err != nil {
		return err
	}
	return s.DB.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		c, err := s.lockTx(ctx, tx, actor.CompanyID, campaignID)
		switch {
		case err != nil:
			return err
		case c.Version != version:
			return fault.New(fault.VersionConflict, "Somebody else has changed this meanwhile.").With("version", c.Version)
		case c.State != Draft:
			return fault.New(fault.Conflict, "The campaign was started already.").With("state", c.State)
		}
		if _, err := s.Contacts.ListByIDTx(ctx, tx, actor.CompanyID, n.ListID); err != nil {
			return listFault(err)
		}
		err = s.q.ChangeCampaign(ctx, tx, messagingdb.ChangeCampaignParams{
			CompanyID: actor.CompanyID, ID: campaignID, Name: n.Name, Purpose: string(n.Purpose), Steps: steps, ListID: n.ListID,
			Speed: n.Speed, LifetimeS: int(n.Lifetime / time.Second), Resend: n.Resend, StartsAt: n.StartsAt,
		})
		if err != nil {
			return fmt.Errorf("change campaign: %w", err)
		}
		c.Name = n.Name
		return s.recordTx(ctx, tx, actor, "campaign.changed", c)
	})
}

func (s *Service) lockTx(ctx context.Context, tx *db.Tx, companyID int64, campaignID uuid.UUID) (Campaign, error) {
	row, err := s.q.LockCampaign(ctx, tx, messagingdb.LockCampaignParams{CompanyID: companyID, ID: campaignID})
	if db.NoRows(err) {
		return Campaign{}, noCampaign()
	} else if err != nil {
		return Campaign{}, fmt.Errorf("lock campaign: %w", err)
	}
	return campaignOf(row)
}

// Order is what a person tells a campaign to do.
type Order string

// The orders.
const (
	Start  Order = "start"
	Pause  Order = "pause"
	Resume Order = "resume"
	Stop   Order = "stop"
)

// orders says from which states an order leads where.
var orders = map[Order]struct {
	from []CampaignState
	to   CampaignState
}{
	Start:  {[]CampaignState{Draft}, Running},
	Pause:  {[]CampaignState{Running, Planned}, Paused},
	Resume: {[]CampaignState{Paused}, Running},
	Stop:   {[]CampaignState{Running, Planned, Paused}, Stopped},
}

// Do gives a campaign an order. An order that was obeyed already does nothing.
// A company that has not said who it is starts none.
func (s *Service) Do(ctx context.Context, actor access.Actor, campaignID uuid.UUID, o Order) (Campaign, error) {
	rule, ok := orders[o]
	if !ok {
		return Campaign{}, fault.Field("order", fault.UnknownName, "There is no such order.")
	}
	if o == Start {
		if err := s.Accounts.RequireInformation(ctx, actor.CompanyID); err != nil {
			return Campaign{}, err
		}
	}
	var c Campaign
	err := s.DB.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		var err error
		if c, err = s.lockTx(ctx, tx, actor.CompanyID, campaignID); err != nil {
			return err
		}
		to := rule.to
		if o == Start && c.StartsAt != nil && c.StartsAt.After(s.Clock.Now()) {
			to = Planned
		}
		if c.State == to {
			return nil
		}
		if !slices.Contains(rule.from, c.State) {
			return fault.New(fault.Conflict, "The campaign cannot do this now.").With("state", c.State)
		}
		if err := s.setStateTx(ctx, tx, actor.CompanyID, &c, to, ""); err != nil {
			return err
		}
		return s.recordTx(ctx, tx, actor, "campaign."+string(o), c)
	})
	return c, err
}

func (s *Service) setStateTx(ctx context.Context, tx *db.Tx, companyID int64, c *Campaign, to CampaignState, reason string) error {
	now := s.Clock.Now()
	err := s.q.SetCampaignState(ctx, tx, messagingdb.SetCampaignStateParams{
		CompanyID: companyID, ID: c.ID, State: string(to), Reason: reason, Now: now,
	})
	if err != nil {
		return fmt.Errorf("set state of campaign: %w", err)
	}
	c.State, c.Reason = to, reason
	c.Version++
	return nil
}

// CampaignFilter narrows and pages a list of campaigns.
type CampaignFilter struct {
	Text   string
	State  CampaignState // "" is any
	Before int64         // goes on below this number; 0 is from the newest
	Limit  int
}

// Campaigns lists campaigns with their counts, the newest first.
func (s *Service) Campaigns(ctx context.Context, actor access.Actor, f CampaignFilter) (list []Campaign, more bool, err error) {
	if f.Before <= 0 {
		f.Before = 1<<63 - 1
	}
	f.Limit = min(max(f.Limit, 1), 100)
	err = s.DB.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.Campaigns(ctx, tx, messagingdb.CampaignsParams{
			CompanyID: actor.CompanyID, Before: f.Before, State: string(f.State), Q: f.Text, Pattern: db.Containing(f.Text),
			MaxRows: int32(f.Limit) + 1,
		})
		if err != nil {
			return fmt.Errorf("list campaigns: %w", err)
		}
		more = len(rows) > f.Limit
		for _, row := range rows[:min(f.Limit, len(rows))] {
			c, err := campaignOf(row)
			if err != nil {
				return err
			}
			list = append(list, c)
		}
		return s.addCounts(ctx, tx, actor.CompanyID, list)
	})
	return list, more, err
}

// CampaignByID returns a campaign with its counts.
func (s *Service) CampaignByID(ctx context.Context, actor access.Actor, campaignID uuid.UUID) (Campaign, error) {
	list := make([]Campaign, 1)
	err := s.DB.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.CampaignByID(ctx, tx, messagingdb.CampaignByIDParams{CompanyID: actor.CompanyID, ID: campaignID})
		if db.NoRows(err) {
			return noCampaign()
		} else if err != nil {
			return fmt.Errorf("read campaign: %w", err)
		}
		if list[0], err = campaignOf(row); err != nil {
			return err
		}
		return s.addCounts(ctx, tx, actor.CompanyID, list)
	})
	return list[0], err
}

func (s *Service) addCounts(ctx context.Context, tx *db.Tx, companyID int64, list []Campaign) error {
	p := messagingdb.CountsOfParams{CompanyID: companyID}
	places := map[uuid.UUID]int{}
	for i, c := range list {
		p.CampaignIds = append(p.CampaignIds, c.ID)
		places[c.ID] = i
	}
	rows, err := s.q.CountsOf(ctx, tx, p)
	if err != nil {
		return fmt.Errorf("read counts of campaigns: %w", err)
	}
	for _, r := range rows {
		c := &list[places[r.CampaignID]]
		c.Counts = append(c.Counts, Count{Step: int(r.Step), State: State(r.State), Reason: r.Reason, Messages: r.Attempts})
	}
	return nil
}

func campaignOf(r messagingdb.Campaign) (Campaign, error) {
	c := Campaign{
		ID: r.ID, Number: r.Number, Name: r.Name, Purpose: Purpose(r.Purpose), ListID: r.ListID, State: CampaignState(r.State), Reason: r.Reason,
		Speed: r.Speed, Lifetime: time.Duration(r.LifetimeS) * time.Second, Resend: r.Resend, Total: r.Total, Next: r.Next,
		StartsAt: r.StartsAt, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, CreatedAt: r.CreatedAt, Version: r.Version,
	}
	if err := json.Unmarshal(r.Steps, &c.Steps); err != nil {
		return c, fmt.Errorf("read steps of campaign: %w", err)
	}
	return c, nil
}
