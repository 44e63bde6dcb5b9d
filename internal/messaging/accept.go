package messaging

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// MostAtOnce is how many messages a call may bring.
const MostAtOnce = 1000

// The lanes of a gateway: a large campaign keeps no single message waiting.
const (
	singles   int16 = 0
	campaigns int16 = 1
)

// Send accepts one message: when it returns, the message is stored and its
// money held. Without money it fails with insufficient_funds. To an address that
// must not be written to nothing is sent: the message is stored as rejected.
func (s *Service) Send(ctx context.Context, actor access.Actor, m NewMessage) (Message, error) {
	now := s.Clock.Now()
	d, err := s.draft(ctx, actor.CompanyID, m, now)
	if err != nil {
		return Message{}, err
	}
	drafts := []draft{d}
	if err := s.accept(ctx, actor, drafts, now); err != nil {
		return Message{}, err
	}
	return drafts[0].message(actor, now), nil
}

// Accepted is what became of one of many messages: its id, or why it was refused.
type Accepted struct {
	ID  uuid.UUID
	Err error
}

// SendMany accepts messages together, and says of each what became of it. Those
// that are wrong in themselves are refused alone; without money for the rest
// all of them fail.
func (s *Service) SendMany(ctx context.Context, actor access.Actor, list []NewMessage) ([]Accepted, error) {
	if len(list) == 0 || len(list) > MostAtOnce {
		return nil, fault.Field("messages", fault.OutOfRange, fmt.Sprintf("Between 1 and %d messages at once.", MostAtOnce))
	}
	now := s.Clock.Now()
	out := make([]Accepted, len(list))
	drafts := make([]draft, 0, len(list))
	for i, m := range list {
		d, err := s.draft(ctx, actor.CompanyID, m, now)
		out[i] = Accepted{d.id, err}
		if err == nil {
			drafts = append(drafts, d)
		}
	}
	if len(drafts) == 0 {
		return out, nil
	}
	return out, s.accept(ctx, actor, drafts, now)
}

func (s *Service) accept(ctx context.Context, actor access.Actor, drafts []draft, now time.Time) error {
	if err := s.Metering.Prepare(ctx, actor.CompanyID); err != nil {
		return err
	}
	b := batch{actor: actor, now: now, lane: singles}
	err := s.DB.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		if err := s.refuseExcludedTx(ctx, tx, actor, drafts, now); err != nil {
			return err
		}
		b.drafts = nil
		for _, d := range drafts {
			if d.refused == "" {
				b.drafts = append(b.drafts, d)
			}
		}
		if len(b.drafts) == 0 {
			return nil
		}
		return s.acceptTx(ctx, tx, b)
	})
	if err == nil {
		s.wake(b.drafts)
	}
	return err
}

// refuseExcludedTx stores the messages to addresses that must not be written to,
// and marks them.
func (s *Service) refuseExcludedTx(ctx context.Context, tx *db.Tx, actor access.Actor, drafts []draft, now time.Time) error {
	addresses := map[string][]string{}
	for _, d := range drafts {
		addresses[d.channel] = append(addresses[d.channel], d.packet.To)
	}
	for channel, list := range addresses {
		excluded, err := s.Contacts.ExcludedTx(ctx, tx, actor.CompanyID, channel, list)
		if err != nil {
			return err
		}
		p := messagingdb.InsertRefusedParams{CompanyID: actor.CompanyID, Channel: channel, CreatedBy: actor.Person(), Now: now}
		texts := messagingdb.InsertTextsParams{CompanyID: actor.CompanyID}
		for i := range drafts {
			d := &drafts[i]
			if d.channel != channel {
				continue
			}
			if d.refused = excluded[d.packet.To]; d.refused == "" {
				continue
			}
			p.Ids, p.Recipients, p.Reasons = append(p.Ids, d.id), append(p.Recipients, d.packet.To), append(p.Reasons, d.refused)
			p.RecipientNs = append(p.RecipientNs, 0)
			addText(&texts, d)
		}
		if len(p.Ids) == 0 {
			continue
		}
		if err := s.q.InsertRefused(ctx, tx, p); err != nil {
			return fmt.Errorf("insert refused messages: %w", err)
		}
		if err := s.q.InsertTexts(ctx, tx, texts); err != nil {
			return fmt.Errorf("insert texts: %w", err)
		}
	}
	return nil
}

// batch is what is accepted together, for one company.
type batch struct {
	actor    access.Actor
	drafts   []draft
	now      time.Time
	lane     int16
	campaign *uuid.UUID
	step     int16
}

// acceptTx stores messages and holds their money. It takes the wallet's lock,
// so it comes last in its transaction.
func (s *Service) acceptTx(ctx context.Context, tx *db.Tx, b batch) error {
	p := messagingdb.InsertAttemptsParams{
		CompanyID: b.actor.CompanyID, CampaignID: b.campaign, Step: b.step, CreatedBy: b.actor.Person(), CreatedAt: b.now,
	}
	queue := messagingdb.InsertOutgoingParams{CompanyID: b.actor.CompanyID, Lane: b.lane}
	texts := messagingdb.InsertTextsParams{CompanyID: b.actor.CompanyID}
	charges := make([]metering.Charge, 0, len(b.drafts))
	for i := range b.drafts {
		d := &b.drafts[i]
		addAttempt(&p, d, b.now)
		queue.Ids, queue.GatewayIds, queue.DueAts = append(queue.Ids, d.id), append(queue.GatewayIds, d.hop.GatewayID), append(queue.DueAts, d.dueAt)
		if b.campaign == nil {
			addText(&texts, d)
		}
		for part := range d.parts {
			charges = append(charges, metering.Charge{
				CompanyID: b.actor.CompanyID, Reference: partReference(d.id, part), Item: d.item, Quantity: 1,
				At: b.now, Destination: d.destination, Refusable: true, By: b.actor,
			})
		}
	}
	if err := s.q.InsertAttempts(ctx, tx, p); err != nil {
		return fmt.Errorf("insert attempts: %w", err)
	}
	if len(texts.Ids) > 0 {
		if err := s.q.InsertTexts(ctx, tx, texts); err != nil {
			return fmt.Errorf("insert texts: %w", err)
		}
	}
	if err := s.q.InsertOutgoing(ctx, tx, queue); err != nil {
		return fmt.Errorf("insert outgoing: %w", err)
	}
	if err := s.countAccepted(ctx, tx, b); err != nil {
		return err
	}
	_, err := s.Metering.HoldChunkTx(ctx, tx, b.actor.CompanyID, charges)
	return err
}

func addText(p *messagingdb.InsertTextsParams, d *draft) {
	p.Ids, p.Subjects = append(p.Ids, d.id), append(p.Subjects, d.packet.Subject)
	p.Bodies, p.Htmls = append(p.Bodies, d.packet.Text), append(p.Htmls, d.packet.HTML)
}

func addAttempt(p *messagingdb.InsertAttemptsParams, d *draft, now time.Time) {
	p.Ids, p.Channels = append(p.Ids, d.id), append(p.Channels, d.channel)
	p.GatewayCompanies, p.GatewayIds = append(p.GatewayCompanies, d.hop.CompanyID), append(p.GatewayIds, d.hop.GatewayID)
	p.Senders, p.Recipients = append(p.Senders, d.packet.From), append(p.Recipients, d.packet.To)
	p.RecipientNs = append(p.RecipientNs, d.recipientN)
	p.Countries, p.Networks = append(p.Countries, d.destination.Country), append(p.Networks, d.destination.Network)
	p.Items, p.Parts = append(p.Items, string(d.item)), append(p.Parts, int16(d.parts))
	p.States, p.Resends = append(p.States, string(d.state(now))), append(p.Resends, d.resend)
	p.ExternalIds = append(p.ExternalIds, d.externalID)
	p.DueAts, p.ExpiresAts = append(p.DueAts, d.dueAt), append(p.ExpiresAts, d.expiresAt)
}

func (d *draft) state(now time.Time) State {
	if d.refused != "" {
		return Rejected
	}
	if d.dueAt.After(now) {
		return Scheduled
	}
	return Queued
}

func (d *draft) message(actor access.Actor, now time.Time) Message {
	return Message{
		ID: d.id, Channel: d.channel, Sender: d.packet.From, Recipient: d.packet.To, Subject: d.packet.Subject, Text: d.packet.Text,
		HTML: d.packet.HTML, Country: d.destination.Country, Network: d.destination.Network, Item: d.item, Parts: d.parts,
		State: d.state(now), Reason: d.refused, ExternalID: d.externalID, CreatedBy: actor.Person(), CreatedAt: now, DueAt: d.dueAt, ExpiresAt: d.expiresAt,
	}
}
