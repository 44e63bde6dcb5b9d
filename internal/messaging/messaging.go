package messaging

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/channel"
	"parley/internal/connection"
	"parley/internal/contact"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/metering"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/pricing"
)

// State says how far an attempt has come.
type State string

// The states. Sending is shown and never stored: an attempt that its gateway
// has claimed.
const (
	Scheduled   State = "scheduled"
	Queued      State = "queued"
	Sending     State = "sending"
	Sent        State = "sent"
	Delivered   State = "delivered"
	Read        State = "read"
	Clicked     State = "clicked"
	Undelivered State = "undelivered"
	Expired     State = "expired"
	Rejected    State = "rejected"
	Cancelled   State = "cancelled"
	InDoubt     State = "in_doubt"
)

// Final says that nothing more is expected, or that what follows is a bonus.
func (s State) Final() bool { return s != Scheduled && s != Queued && s != Sending && s != Sent }

// Message is an attempt as its company sees it.
type Message struct {
	ID         uuid.UUID
	Channel    string
	Sender     string
	Recipient  string
	Subject    string
	Text       string
	HTML       string
	CampaignID *uuid.UUID
	Country    string
	Network    string
	Item       pricing.Item
	Parts      int
	State      State
	Reason     string // why it failed
	Detail     string // what the network said
	Tries      int
	ExternalID string
	CreatedBy  *int64
	CreatedAt  time.Time
	DueAt      time.Time
	ExpiresAt  time.Time
	SentAt     *time.Time
	DoneAt     *time.Time
	ReadAt     *time.Time
	ClickedAt  *time.Time
}

// Wire is a connection to a network as gateways use it.
type Wire interface {
	Capabilities() channel.Capabilities
	// Run keeps the connection until ctx ends and passes receipts on.
	Run(ctx context.Context, told func(ctx context.Context, r []channel.Receipt) error)
	// Send hands one message over; errors are *channel.SendError.
	Send(ctx context.Context, p Packet) (channel.Sent, error)
	// State says whether there is a connection now, and if not, why.
	State() (up bool, reason error)
}

// Packet is what a network needs of a message.
type Packet struct {
	ID       uuid.UUID
	From, To string
	Subject  string
	Text     string
	HTML     string
	Lifetime time.Duration
}

// Deps are what a service works with.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Accounts *account.Service
	Contacts *contact.Service
	Gateways *connection.Gateways
	Prices   *pricing.Service
	Metering *metering.Service
	// Open opens a way to a network.
	Open func(w connection.Way) (Wire, error)
	Log  *slog.Logger
}

// Service sends texts.
type Service struct {
	Deps
	q     *messagingdb.Queries
	bells bells
	steps stepCache
}

// New returns a service.
func New(d Deps) *Service {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	return &Service{Deps: d, q: messagingdb.New()}
}

// partReference is what usage of a part refers to: part 0 is the attempt
// itself. The ids of attempts differ in their first eight bytes already.
func partReference(attempt uuid.UUID, part int) uuid.UUID {
	attempt[15] ^= byte(part)
	return attempt
}
