package messaging

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel"
	"parley/internal/connection"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// Reasons for which a recipient of a campaign gets no message.
const (
	reasonNoAddress  = "no_address"
	reasonNoRoute    = "no_route"
	reasonNoPrice    = "no_price"
	reasonBadAddress = "invalid_recipient"
)

func addressOn(channel string, r messagingdb.RecipientsRow) string {
	if channel == connection.SMS {
		return r.Phone
	}
	return r.Email
}

// recipient writes the message for a recipient; reason says why there is none.
func (f *feeder) recipient(ctx context.Context, c messagingdb.Campaign, s step, r messagingdb.RecipientsRow, now time.Time) (d draft, reason string, err error) {
	m := NewMessage{
		Channel: s.Channel, To: addressOn(s.Channel, r), From: s.Sender, Lifetime: time.Duration(c.LifetimeS) * time.Second, Resend: c.Resend,
	}
	var p Packet
	if p, err = writePacket(s, r.Variables); err == nil {
		m.Subject, m.Text, m.HTML = p.Subject, p.Text, p.HTML
		d, err = f.draft(ctx, c.CompanyID, m, now)
	}
	if d.id == uuid.Nil {
		d.id = id.New(now)
	}
	d.recipientN, d.packet.To = r.N, cmp.Or(d.packet.To, m.To)
	var refused *fault.Error
	switch {
	case err == nil:
		return d, "", nil
	case m.To == "":
		return d, reasonNoAddress, nil
	case errors.Is(err, errTemplate):
		return d, reasonTemplate, nil
	case errors.Is(err, connection.ErrNoRoute):
		return d, reasonNoRoute, nil
	case errors.As(err, &refused) && refused.Code == fault.Conflict:
		return d, reasonNoPrice, nil
	case errors.As(err, &refused) && refused.Fields["to"].Code != "":
		return d, reasonBadAddress, nil
	case errors.As(err, &refused) && refused.Fields["from"].Code != "":
		return d, string(channel.SenderRefused), nil
	case errors.As(err, &refused) && refused.Code == fault.Invalid:
		return d, reasonTemplate, nil
	}
	return d, "", err
}

func writePacket(s step, variables json.RawMessage) (Packet, error) {
	var values map[string]string
	var p Packet
	if err := json.Unmarshal(variables, &values); err != nil {
		return p, fmt.Errorf("%w: %w", errTemplate, err)
	}
	s.write(&p, values)
	return p, nil
}

// render writes a campaign's message again when it is handed over: texts of
// campaigns are not stored, they follow from the campaign and its recipient.
func (s *Service) render(ctx context.Context, row messagingdb.ClaimRow, p Packet) (Packet, error) {
	steps, err := s.steps.byID(ctx, s, row.CompanyID, *row.CampaignID)
	if err != nil {
		return p, err
	}
	written, err := writePacket(steps[row.Step], row.Variables)
	if err != nil {
		return p, err
	}
	p.Subject, p.Text, p.HTML = written.Subject, written.Text, written.HTML
	return p, nil
}

// stepCache remembers parsed steps of campaigns, which never change once they
// were started.
type stepCache struct {
	mu sync.Mutex
	by map[uuid.UUID][]step
}

const rememberedCampaigns = 1000

func (c *stepCache) of(row messagingdb.Campaign) ([]step, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.by[row.ID]; ok {
		return known, nil
	}
	steps, err := readSteps(row.Steps)
	if err != nil {
		return nil, err
	}
	if c.by == nil || len(c.by) >= rememberedCampaigns {
		c.by = map[uuid.UUID][]step{}
	}
	c.by[row.ID] = steps
	return steps, nil
}

func (c *stepCache) byID(ctx context.Context, s *Service, companyID int64, campaignID uuid.UUID) ([]step, error) {
	c.mu.Lock()
	known, ok := c.by[campaignID]
	c.mu.Unlock()
	if ok {
		return known, nil
	}
	row, err := s.q.CampaignByID(ctx, s.DB.Worker(), messagingdb.CampaignByIDParams{CompanyID: companyID, ID: campaignID})
	if err != nil {
		return nil, fmt.Errorf("read campaign: %w", err)
	}
	return c.of(row)
}
