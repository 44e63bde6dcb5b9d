package chat

import (
	"time"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/pace"
	"parley/internal/chat/pass"
	"parley/internal/connection"
	"parley/internal/contact"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/realtime"
)

// Author is who wrote a message.
type Author string

// The authors.
const (
	ByContact  Author = "contact"
	ByOperator Author = "operator"
	ByBot      Author = "bot"
	BySystem   Author = "system"
)

// Kind is what a message is.
type Kind string

// The kinds of messages. A note is for operators only.
const (
	Text   Kind = "text"
	File   Kind = "file"
	Note   Kind = "note"
	System Kind = "system"
)

// State is where a session, and with it its dialog, stands.
type State string

// The states.
const (
	Queued State = "queued"
	Open   State = "open"
	Closed State = "closed"
)

// Limits of what people send.
const (
	MaxText        = 4096 // runes
	MaxAttachments = 10   // of a message
)

// Person is a user or a contact by name.
type Person[ID any] struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
}

// Attachment is a file that was sent, or uploaded to be sent. URL depends on
// who is told.
type Attachment struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	Size      int64     `json:"size"`
	MediaType string    `json:"media_type"`
	URL       string    `json:"url"`
	Width     *int      `json:"width"`
	Height    *int      `json:"height"`
}

// SystemLine is what a system message says, for clients to put in words.
type SystemLine struct {
	Code string         `json:"code"`
	Args map[string]any `json:"args,omitempty"`
}

// Message is one utterance of a dialog as operators see it.
type Message struct {
	ID          uuid.UUID    `json:"id"`
	DialogID    uuid.UUID    `json:"dialog_id"`
	SessionID   uuid.UUID    `json:"session_id"`
	Seq         int64        `json:"seq" doc:"1, 2, 3 … in its dialog"`
	Author      Author       `json:"author" enum:"contact,operator,bot,system"`
	AuthorID    *int64       `json:"author_id" doc:"The user, when an operator wrote"`
	AuthorName  string       `json:"author_name"`
	Kind        Kind         `json:"kind" enum:"text,file,note,system"`
	Text        string       `json:"text"`
	Attachments []Attachment `json:"attachments"`
	At          time.Time    `json:"at"`
	State       string       `json:"state" enum:"sent,read"`
	ReplyTo     *uuid.UUID   `json:"reply_to"`
	Key         *uuid.UUID   `json:"key" doc:"The sender's own key for it"`
	Price       *money.Money `json:"price,omitempty" doc:"Only for those who may see prices"`
	System      *SystemLine  `json:"system"`

	Public bool `json:"-"` // the contact may see it
}

// Last is the newest utterance of a dialog in short; Seq counts notes and
// system lines too.
type Last struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Author  Author    `json:"author" enum:"contact,operator,bot,system"`
	Preview string    `json:"preview"`
}

// Head is a dialog as a line of the operator panel's list shows it.
type Head struct {
	DialogID      uuid.UUID         `json:"dialog_id"`
	Number        int64             `json:"number"`
	ChatID        uuid.UUID         `json:"chat_id"`
	Channel       string            `json:"channel"`
	Contact       Person[uuid.UUID] `json:"contact"`
	State         State             `json:"state" enum:"bot,queued,open,closed"`
	Assignee      *Person[int64]    `json:"assignee"`
	GroupID       *uuid.UUID        `json:"group_id"`
	SessionID     uuid.UUID         `json:"session_id"`
	SessionNumber int64             `json:"session_number"`
	Last          Last              `json:"last"`
	Unread        int               `json:"unread"`
	WaitingSince  *time.Time        `json:"waiting_since" doc:"The first message of the contact that nobody has answered"`
	Unanswered    bool              `json:"unanswered"`
	Answered      bool              `json:"answered" doc:"Whether an operator has answered in the session: the next answer has a time target of its own"`
	Tags          []string          `json:"tags"`
	Result        string            `json:"result"`
}

// Deps is what the service works with.
type Deps struct {
	DB          *db.DB
	Clock       clock.Clock
	Accounts    *account.Service
	Contacts    *contact.Service
	Connections *connection.Service
	Metering    *metering.Service
	Files       *blob.Store
	Live        *realtime.Hub
	Passes      *pass.Keys
	PublicURL   string // where browsers find this installation, such as https://parley.example
	Uploads     UploadLimits
}

// Service runs the use cases of chats.
type Service struct {
	db          *db.DB
	q           *chatdb.Queries
	clock       clock.Clock
	accounts    *account.Service
	contacts    *contact.Service
	connections *connection.Service
	meter       *metering.Service
	files       *blob.Store
	live        *realtime.Hub
	passes      *pass.Keys
	publicURL   string
	uploads     UploadLimits

	rules  *cache[ruleKey, *rules]
	teams  *cache[int64, *team]
	people *cache[personKey, string]
	pace   *pace.Limiter[uuid.UUID]
	intake *intake
	wake   *wakes
	told   *told
}

// New returns a service. [Service.Run] moves its queues.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, q: chatdb.New(), clock: d.Clock, accounts: d.Accounts, contacts: d.Contacts,
		connections: d.Connections, meter: d.Metering, files: d.Files, live: d.Live, passes: d.Passes, publicURL: d.PublicURL, uploads: d.Uploads.orDefaults(),
		rules: newCache[ruleKey, *rules](rulesFor), teams: newCache[int64, *team](rulesFor), people: newCache[personKey, string](namesFor),
		pace: pace.New[uuid.UUID](visitorMessages, time.Minute), intake: newIntake(), wake: newWakes(), told: newTold(),
	}
}
