package messaging

import (
	"context"
	"fmt"
	"net/mail"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/phone"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// Filter narrows and pages the log of messages.
type Filter struct {
	Text       string // a telephone number, an e-mail address, an id or an external id
	Channel    string
	State      State
	Reason     string
	CampaignID *uuid.UUID
	From, To   *time.Time
	Before     uuid.UUID // goes on below this id; zero is from the newest
	Limit      int
}

var lastID = uuid.UUID{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// List reads a page of the log without texts, the newest first.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter) (list []Message, more bool, err error) {
	f.Limit = min(max(f.Limit, 1), 100)
	p := messagingdb.ListParams{
		CompanyID: actor.CompanyID, Before: lastID, Channel: f.Channel, Reason: f.Reason, CampaignID: f.CampaignID, MaxRows: f.Limit + 1,
	}
	if f.From != nil {
		p.From = id.First(*f.From)
	}
	if f.To != nil {
		p.Before = id.First(*f.To)
	}
	if f.Before != uuid.Nil && f.Before.String() < p.Before.String() {
		p.Before = f.Before
	}
	switch f.State {
	case "":
	case Queued, Sending:
		p.States = []string{string(Queued)}
	default:
		p.States = []string{string(f.State)}
	}
	searchFor(&p, f.Text)
	err = s.DB.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.List(ctx, tx, p)
		if err != nil {
			return fmt.Errorf("list messages: %w", err)
		}
		more = len(rows) > f.Limit
		for _, r := range rows[:min(f.Limit, len(rows))] {
			list = append(list, listedMessage(r))
		}
		return nil
	})
	return list, more, err
}

func listedMessage(r messagingdb.ListRow) Message {
	return Message{
		ID: r.ID, Channel: r.Channel, Sender: r.Sender, Recipient: r.Recipient, CampaignID: r.CampaignID, Country: r.Country,
		Network: r.Network, Item: pricing.Item(r.Item), Parts: r.Parts, State: shown(State(r.State), r.Sending), Reason: r.Reason,
		ExternalID: r.ExternalID, CreatedAt: r.CreatedAt, DueAt: r.DueAt, SentAt: r.SentAt, DoneAt: r.DoneAt,
	}
}

// shown is the state that people see: what a gateway has claimed is being sent.
func shown(s State, claimed bool) State {
	if claimed && (s == Queued || s == Scheduled) {
		return Sending
	}
	return s
}

// searchFor reads what a person searches by.
func searchFor(p *messagingdb.ListParams, text string) {
	if text == "" {
		return
	}
	if number, err := phone.Parse(text); err == nil {
		p.Recipient = number
	} else if a, err := mail.ParseAddress(text); err == nil {
		p.Recipient = a.Address
	} else if one, err := uuid.Parse(text); err == nil {
		p.From, p.Before = one, next(one)
	} else {
		p.ExternalID = text
	}
}

// next returns the smallest id above one.
func next(one uuid.UUID) uuid.UUID {
	for i := len(one) - 1; i >= 0; i-- {
		one[i]++
		if one[i] != 0 {
			break
		}
	}
	return one
}

// Part is a part of a message on its network.
type Part struct {
	N         int
	NetworkID string
	Status    string
}

// Card is a message with all that is known of it.
type Card struct {
	Message
	OnNetwork []Part
}

// ByID returns a message of the actor's company.
func (s *Service) ByID(ctx context.Context, actor access.Actor, messageID uuid.UUID) (Card, error) {
	var c Card
	err := s.DB.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.ByID(ctx, tx, messagingdb.ByIDParams{CompanyID: actor.CompanyID, ID: messageID})
		if db.NoRows(err) {
			return noMessage()
		} else if err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		c.Message = messageOf(row)
		if c.CampaignID != nil {
			return s.addTextTx(ctx, tx, actor.CompanyID, row.Attempt, &c.Message)
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	// Names of parts lie in a table that companies cannot read.
	parts, err := s.q.PartsByAttempt(ctx, s.DB.Worker(), messagingdb.PartsByAttemptParams{CompanyID: actor.CompanyID, AttemptID: messageID})
	if err != nil {
		return c, fmt.Errorf("read parts of message: %w", err)
	}
	for _, p := range parts {
		c.OnNetwork = append(c.OnNetwork, Part{int(p.Part), p.NetworkID, p.Status})
	}
	return c, nil
}

func noMessage() error { return fault.New(fault.NotFound, "There is no such message.") }

func messageOf(r messagingdb.ByIDRow) Message {
	a := r.Attempt
	return Message{
		ID: a.ID, Channel: a.Channel, Sender: a.Sender, Recipient: a.Recipient, Subject: r.Subject, Text: r.Body, HTML: r.Html,
		CampaignID: a.CampaignID, Country: a.Country, Network: a.Network, Item: pricing.Item(a.Item), Parts: int(a.Parts),
		State: shown(State(a.State), r.Sending), Reason: a.Reason, Detail: a.Detail, Tries: int(a.Tries), ExternalID: a.ExternalID,
		CreatedBy: a.CreatedBy, CreatedAt: a.CreatedAt, DueAt: a.DueAt, ExpiresAt: a.ExpiresAt, SentAt: a.SentAt, DoneAt: a.DoneAt,
		ReadAt: a.ReadAt, ClickedAt: a.ClickedAt,
	}
}

// addTextTx writes a campaign's text for its recipient once more.
func (s *Service) addTextTx(ctx context.Context, tx *db.Tx, companyID int64, a messagingdb.Attempt, m *Message) error {
	row, err := s.q.CampaignByID(ctx, tx, messagingdb.CampaignByIDParams{CompanyID: companyID, ID: *a.CampaignID})
	if err != nil || a.RecipientN == nil {
		return err
	}
	rows, err := s.q.Recipients(ctx, tx, messagingdb.RecipientsParams{CompanyID: companyID, CampaignID: *a.CampaignID, Next: *a.RecipientN, Most: 1})
	if err != nil || len(rows) == 0 {
		return err
	}
	steps, err := s.steps.of(row)
	if err != nil {
		return err
	}
	p, err := writePacket(steps[a.Step], rows[0].Variables)
	if err == nil {
		m.Subject, m.Text, m.HTML = p.Subject, p.Text, p.HTML
	}
	return nil
}

// Cancel stops a message that was not handed to its network yet, and gives its
// money back.
func (s *Service) Cancel(ctx context.Context, actor access.Actor, messageID uuid.UUID) error {
	return s.DB.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		claimed, err := s.q.LockOutgoing(ctx, tx, messagingdb.LockOutgoingParams{CompanyID: actor.CompanyID, ID: messageID})
		switch {
		case db.NoRows(err):
			return s.tooLateTx(ctx, tx, actor.CompanyID, messageID)
		case err != nil:
			return fmt.Errorf("lock message: %w", err)
		case claimed:
			return errHandedOver
		}
		if _, err := s.q.TakeOut(ctx, tx, messagingdb.TakeOutParams{CompanyID: actor.CompanyID, Ids: []uuid.UUID{messageID}}); err != nil {
			return fmt.Errorf("take message off the queue: %w", err)
		}
		return s.dropTx(ctx, tx, actor.CompanyID, []uuid.UUID{messageID})
	})
}

var errHandedOver = fault.New(fault.Conflict, "It is too late: the message was handed to the network.")

// tooLateTx tells a message that is not in the queue from one that is nobody's.
func (s *Service) tooLateTx(ctx context.Context, tx *db.Tx, companyID int64, messageID uuid.UUID) error {
	row, err := s.q.ByID(ctx, tx, messagingdb.ByIDParams{CompanyID: companyID, ID: messageID})
	switch {
	case db.NoRows(err):
		return noMessage()
	case err != nil:
		return fmt.Errorf("read message: %w", err)
	case row.Attempt.State == string(Cancelled):
		return nil
	}
	return errHandedOver
}
