package messaging

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/channel/sms"
	"parley/internal/connection"
	"parley/internal/phone"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
	"parley/internal/pricing"
)

// NewMessage is a message that a person or a program wants to send.
type NewMessage struct {
	Channel    string
	To         string // a telephone number or an e-mail address
	From       string // a sender of the company; empty is the gateway's
	Subject    string // of a letter
	Text       string
	HTML       string        // of a letter; empty: the text alone
	ExternalID string        // the program's own name for it
	SendAt     *time.Time    // nil is now
	Lifetime   time.Duration // how long to try; 0 is a day
	Resend     bool          // send again when in doubt
}

const (
	shortestLife = time.Minute
	longestLife  = 48 * time.Hour
	usualLife    = 24 * time.Hour
	longestWait  = 366 * 24 * time.Hour
	mostParts    = 20
	longestText  = 100_000 // bytes, of each form of a letter
	longestLine  = 998     // RFC 5322, 2.1.1
	longestID    = 200
)

// draft is a message that was checked and knows its way and price.
type draft struct {
	id          uuid.UUID
	packet      Packet
	channel     string
	hop         connection.Hop
	item        pricing.Item
	destination pricing.Destination
	parts       int
	dueAt       time.Time
	expiresAt   time.Time
	externalID  string
	resend      bool
	recipientN  int    // within a campaign
	refused     string // why it must not be sent
}

// draft checks a message and finds its way and what it is billed by.
func (s *Service) draft(ctx context.Context, companyID int64, m NewMessage, now time.Time) (draft, error) {
	d := draft{id: id.New(now), channel: m.Channel, resend: m.Resend, externalID: plain.Line(m.ExternalID)}
	if len(d.externalID) > longestID {
		return d, fault.Field("external_id", fault.TooLong, "The external id is too long.")
	}
	if err := d.times(m, now); err != nil {
		return d, err
	}
	d.packet = Packet{ID: d.id, From: plain.Line(m.From), Subject: plain.Line(m.Subject), Text: plain.Text(m.Text), HTML: plain.Text(m.HTML)}
	var err error
	switch m.Channel {
	case connection.SMS:
		err = s.shortMessage(ctx, &d, m)
	case connection.Email:
		err = d.letter(m)
	default:
		err = fault.Field("channel", fault.UnknownName, "There is no such channel.")
	}
	if err != nil {
		return d, err
	}
	return d, s.way(ctx, companyID, &d)
}

func (d *draft) times(m NewMessage, now time.Time) error {
	life := m.Lifetime
	if life == 0 {
		life = usualLife
	}
	if life < shortestLife || life > longestLife {
		return fault.Field("lifetime_s", fault.OutOfRange, "The lifetime lies between a minute and 48 hours.")
	}
	d.dueAt = now
	if m.SendAt != nil && m.SendAt.After(now) {
		d.dueAt = m.SendAt.UTC().Truncate(time.Microsecond)
	}
	if d.dueAt.Sub(now) > longestWait {
		return fault.Field("send_at", fault.OutOfRange, "A message can be scheduled for a year at most.")
	}
	d.expiresAt = d.dueAt.Add(life)
	return nil
}

func (s *Service) shortMessage(ctx context.Context, d *draft, m NewMessage) error {
	to, err := phone.Parse(m.To)
	if err != nil {
		return fault.Field("to", fault.BadFormat, "This is no telephone number.")
	}
	d.packet.To, d.packet.Subject, d.packet.HTML = to, "", ""
	text, err := sms.Encode(d.packet.Text, 0)
	switch {
	case d.packet.Text == "":
		return fault.Field("text", fault.Required, "Write something.")
	case err != nil || len(text.Parts) > mostParts:
		return fault.Field("text", fault.TooLong, fmt.Sprintf("The text needs more than %d parts.", mostParts))
	}
	d.parts = len(text.Parts)
	d.destination, err = s.Prices.DestinationOf(ctx, to)
	return err
}

func (d *draft) letter(m NewMessage) error {
	to, ok := readAddress(m.To)
	switch {
	case !ok || to.Name != "":
		return fault.Field("to", fault.BadFormat, "This is no e-mail address.")
	case d.packet.Subject == "":
		return fault.Field("subject", fault.Required, "A letter needs a subject.")
	case len(d.packet.Subject) > longestLine:
		return fault.Field("subject", fault.TooLong, "The subject is too long.")
	case d.packet.Text == "" && d.packet.HTML == "":
		return fault.Field("text", fault.Required, "Write something.")
	case len(d.packet.Text) > longestText || len(d.packet.HTML) > longestText:
		return fault.Field("text", fault.TooLong, "The letter is too long.")
	}
	d.packet.To, d.parts = to.Address, 1
	return nil
}

// billedBy are the items that messages on a channel may be billed by.
var billedBy = map[string][]pricing.Item{
	connection.SMS:   {pricing.SMSDelivered, pricing.SMSSent},
	connection.Email: {pricing.EmailSent, pricing.EmailDelivered},
}

// whenSent are the items that are billed when the network has taken a message.
var whenSent = []pricing.Item{pricing.SMSSent, pricing.EmailSent}

func billedWhenSent(item pricing.Item) bool { return slices.Contains(whenSent, item) }

// way finds the gateway, and the item that the company's price list bills by.
func (s *Service) way(ctx context.Context, companyID int64, d *draft) error {
	var err error
	if d.hop, err = s.Gateways.Find(ctx, companyID, d.channel, d.destination.Country, d.destination.Network); err != nil {
		return err
	}
	if d.packet.From == "" {
		d.packet.From = d.hop.Sender
	} else if err := checkSender(companyID, d.channel, d.packet.From, d.hop); err != nil {
		return err
	}
	d.item, err = s.billed(ctx, companyID, d.channel, d.destination, d.dueAt)
	return err
}

func (s *Service) billed(ctx context.Context, companyID int64, channel string, to pricing.Destination, at time.Time) (pricing.Item, error) {
	items := billedBy[channel]
	for _, item := range items {
		rated, err := s.Prices.Rate(ctx, pricing.Ask{BuyerID: companyID, Item: item, Quantity: 1, At: at, Destination: to})
		if err != nil {
			return "", err
		}
		if rated.Priced() {
			return item, nil
		}
	}
	return "", fault.New(fault.Conflict, "No price is set for this service yet. Ask your service provider.").With("item", string(items[0]))
}
