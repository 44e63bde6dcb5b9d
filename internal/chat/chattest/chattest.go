// Package chattest gives tests chats with operators and visitors who can
// write.
package chattest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/audit/audittest"
	"parley/internal/chat"
	"parley/internal/chat/pass"
	"parley/internal/connection"
	"parley/internal/contact"
	"parley/internal/ledger"
	"parley/internal/metering/meteringtest"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/id"
	"parley/internal/platform/realtime"
	"parley/internal/platform/realtime/realtimetest"
)

var ctx = context.Background()

// Fixture is meteringtest's companies, with money, and the chat service. Its
// clock stands still until a test moves it.
type Fixture struct {
	*meteringtest.Fixture
	Clock       *clock.Fixed
	Contacts    *contact.Service
	Connections *connection.Service
	Files       *blob.Store
	Hub         *realtime.Hub
	Passes      *pass.Keys
	Chat        *chat.Service
	Uploads     chat.UploadLimits // of nodes made from now on
}

// New makes the fixture at the machine's time.
func New(t testing.TB, d *db.DB) *Fixture {
	t.Helper()
	return NewAt(t, d, time.Now().UTC().Truncate(time.Second))
}

// NewAt makes the fixture at an instant, for which partitions must be there;
// see [MakePartitions].
func NewAt(t testing.TB, d *db.DB, now time.Time) *Fixture {
	t.Helper()
	c := clock.At(now)
	f := &Fixture{Clock: c, Passes: pass.New(bytes.Repeat([]byte{7}, 32))}
	f.Fixture = meteringtest.On(t, accounttest.NewAt(t, d, c, account.Options{}), c, ledger.Options{})
	f.FundAll(t)
	f.Contacts = contact.New(d, c, f.Service)
	f.Connections = connection.New(d, c)
	var err error
	f.Files, err = blob.Open(t.TempDir())
	require.NoError(t, err)
	f.Hub, err = realtime.New(realtime.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Hub.Close(ctx) })
	f.Chat = f.Node(f.Hub)
	return f
}

// Node is one more chat service on the same database, as another node has it.
func (f *Fixture) Node(hub *realtime.Hub) *chat.Service {
	return chat.New(chat.Deps{
		DB: f.DB, Clock: f.Clock, Accounts: f.Service, Contacts: f.Contacts, Connections: f.Connections,
		Metering: f.Metering, Files: f.Files, Live: hub, Passes: f.Passes, Uploads: f.Uploads,
	})
}

// Room is a chat with one group.
type Room struct {
	*Fixture
	Firm      *accounttest.Firm
	Settings  chat.Configuration
	Group     uuid.UUID
	Operators []accounttest.Person // members of the group
}

// Room makes a chat in the company with so many operators, who are offline.
// It does not greet, so that a dialog begins with what a test says.
func (f *Fixture) Room(t testing.TB, firm *accounttest.Firm, operators int, change ...func(c *chat.SettingsChange)) *Room {
	t.Helper()
	r := &Room{Fixture: f, Firm: firm}
	for range operators {
		r.Operators = append(r.Operators, firm.Another(t, access.Operator))
	}
	r.Group = r.NewGroup(t, r.Operators...)
	name, groups := "Chat "+uuid.NewString(), []uuid.UUID{r.Group}
	look := chat.Look{Accent: "#2563eb", Side: "right", Launcher: "bubble"}
	settings := chat.SettingsChange{Name: &name, Groups: &groups, Look: &look}
	for _, fn := range change {
		fn(&settings)
	}
	var err error
	r.Settings, err = f.Chat.CreateChat(ctx, r.Owner(t), settings)
	require.NoError(t, err)
	return r
}

// Owner is the company's owner, who may supervise.
func (r *Room) Owner(t testing.TB) access.Actor { return r.Firm.Actor(t, access.Owner) }

// NewGroup makes one more group.
func (r *Room) NewGroup(t testing.TB, members ...accounttest.Person) uuid.UUID {
	t.Helper()
	group := id.New(r.Clock.Now())
	_, err := r.DB.Worker().Exec(ctx, "INSERT INTO operator_group (company_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
		r.Firm.ID, group, "Group "+group.String(), r.Clock.Now())
	require.NoError(t, err)
	for _, m := range members {
		_, err := r.DB.Worker().Exec(ctx, "INSERT INTO group_member (company_id, group_id, user_id) VALUES ($1, $2, $3)", r.Firm.ID, group, m.ID)
		require.NoError(t, err)
	}
	if r.Chat != nil {
		r.Chat.ForgetRules(r.Firm.ID)
	}
	return group
}

// Online brings operators online, and the queue forward.
func (r *Room) Online(t testing.TB, operators ...accounttest.Person) {
	t.Helper()
	for _, o := range operators {
		_, err := r.Chat.SetOperatorState(ctx, o.Actor, chat.Online)
		require.NoError(t, err)
	}
	r.Distribute(t)
}

// Distribute moves the queue.
func (r *Room) Distribute(t testing.TB) {
	t.Helper()
	require.NoError(t, r.Chat.Distribute(ctx, r.Firm.ID))
}

// Limit sets an operator's own limit of dialogs.
func (r *Room) Limit(t testing.TB, p accounttest.Person, limit int) {
	t.Helper()
	_, err := r.DB.Worker().Exec(ctx, "UPDATE membership SET dialog_limit = $3 WHERE company_id = $1 AND user_id = $2", r.Firm.ID, p.ID, limit)
	require.NoError(t, err)
}

// Visitor is a person at the room's widget.
type Visitor struct {
	pass.Visitor
	room *Room
}

// Visitor makes a visitor who has not written yet.
func (r *Room) Visitor() *Visitor {
	return &Visitor{room: r, Visitor: pass.Visitor{
		CompanyID: r.Firm.ID, ConnectionID: r.Settings.Connections[0].ID, ID: id.New(time.Now()), Language: "ru", TimeZone: "Europe/Moscow",
	}}
}

// Pass is what the visitor shows.
func (v *Visitor) Pass() pass.Visitor { return v.Visitor }

// Inbound is a message of the visitor with a new key.
func (v *Visitor) Inbound(text string) chat.Inbound {
	return chat.Inbound{
		CompanyID: v.CompanyID, ConnectionID: v.ConnectionID, Visitor: v.ID, Language: v.Language, TimeZone: v.TimeZone,
		Key: uuid.New(), Text: text, Page: chat.VisitedPage{URL: "https://shop.example/pricing", Title: "Pricing"},
	}
}

// Write sends a message and moves the queue.
func (v *Visitor) Write(t testing.TB, text string) chat.VisitorMessage {
	t.Helper()
	m, err := v.room.Chat.Receive(ctx, v.Inbound(text))
	require.NoError(t, err)
	v.room.Distribute(t)
	return m
}

// Dialog makes a visitor write and returns the dialog.
func (r *Room) Dialog(t testing.TB, text string) (*Visitor, uuid.UUID) {
	t.Helper()
	v := r.Visitor()
	return v, v.Write(t, text).DialogID
}

// Reply answers as an operator.
func (r *Room) Reply(t testing.TB, by accounttest.Person, dialog uuid.UUID, text string) chat.Message {
	t.Helper()
	m, added, err := r.Chat.Reply(ctx, by.Actor, chat.Outbound{DialogID: dialog, Key: uuid.New(), Text: text})
	require.NoError(t, err)
	require.True(t, added)
	return m
}

// Line is a dialog's state as the database has it.
type Line struct {
	State    string
	Operator *int64
	Unread   int
	Waiting  bool
	Session  uuid.UUID
}

// Line reads a dialog's state.
func (r *Room) Line(t testing.TB, dialog uuid.UUID) Line {
	t.Helper()
	var l Line
	row := r.DB.Worker().QueryRow(ctx, `SELECT state, operator_id, unread, waiting_since IS NOT NULL, session_id
		FROM dialog_head WHERE company_id = $1 AND dialog_id = $2`, r.Firm.ID, dialog)
	require.NoError(t, row.Scan(&l.State, &l.Operator, &l.Unread, &l.Waiting, &l.Session))
	return l
}

// Holder returns who has a dialog, 0 for nobody.
func (r *Room) Holder(t testing.TB, dialog uuid.UUID) int64 {
	t.Helper()
	if l := r.Line(t, dialog); l.Operator != nil {
		return *l.Operator
	}
	return 0
}

// Number asks the database for one number about the room's company, which is
// the statement's first argument.
func (r *Room) Number(t testing.TB, sql string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, r.DB.Worker().QueryRow(ctx, sql, append([]any{r.Firm.ID}, args...)...).Scan(&n), sql)
	return n
}

// Text asks the database for one text about the room's company.
func (r *Room) Text(t testing.TB, sql string, args ...any) string {
	t.Helper()
	var out string
	require.NoError(t, r.DB.Worker().QueryRow(ctx, sql, append([]any{r.Firm.ID}, args...)...).Scan(&out), sql)
	return out
}

// Drain lets the chats know what happened elsewhere, and moves the queue.
func (r *Room) Drain(t testing.TB) {
	t.Helper()
	bus := events.New(r.DB, events.Options{})
	bus.Subscribe("chat", r.Chat.Handlers()...)
	require.NoError(t, bus.Drain(ctx))
	r.Distribute(t)
}

// Tab opens the operator's panel: a socket at the hub.
func (r *Room) Tab(t testing.TB, p accounttest.Person) *Ear {
	t.Helper()
	return r.listen(t, realtime.Connection{
		Company: r.Firm.ID, User: p.ID, Channels: []string{realtime.UserChannel(r.Firm.ID, p.ID), realtime.TeamChannel(r.Firm.ID)},
		May: func(ctx context.Context, channel string) error {
			dialog, _ := realtime.DialogOf(channel, r.Firm.ID)
			return r.Chat.MaySee(ctx, p.Actor, dialog)
		},
	})
}

// Hear opens a socket that hears channels.
func (f *Fixture) Hear(t testing.TB, channels ...string) *Ear {
	t.Helper()
	return f.listen(t, realtime.Connection{Channels: channels, Visitor: "ear"})
}

// Ear hears publications.
type Ear struct{ *realtimetest.Client }

func (f *Fixture) listen(t testing.TB, c realtime.Connection) *Ear {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range f.Hub.Handlers("/realtime", func(context.Context, string, []byte) (realtime.Connection, error) { return c, nil }) {
		mux.Handle(path, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client, err := realtimetest.Connect(ctx, server.URL+"/realtime/websocket", nil, map[string]any{"data": map[string]any{}})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return &Ear{client}
}

// Next returns the next publication of a type; others are passed over.
func (e *Ear) Next(t testing.TB, kind string) map[string]any {
	t.Helper()
	within, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		p, err := e.Client.Next(within)
		require.NoError(t, err, "waiting for %s", kind)
		var out map[string]any
		require.NoError(t, json.Unmarshal(p.Data, &out))
		if out["type"] == kind {
			return out
		}
	}
}

// Sound checks what must hold between the tables whatever was done, but for
// wallets, which tests empty by hand.
func (r *Room) Sound(t testing.TB) {
	t.Helper()
	for _, d := range audittest.Differences(t, r.DB) {
		require.Equal(t, "wallet", d.Check, d)
	}
	require.Zero(t, r.Number(t, `SELECT count(*) FROM message m LEFT JOIN message_body b USING (company_id, id)
		WHERE m.company_id = $1 AND b.id IS NULL`), "messages without a body")
}

// MakePartitions makes room for messages and usage around an instant that lies
// far from now.
func MakePartitions(t testing.TB, d *db.DB, around time.Time) {
	t.Helper()
	for _, table := range []string{"message", "message_body", "usage"} {
		_, err := d.Worker().Exec(ctx, fmt.Sprintf("CALL ensure_partitions('%s', $1::date, 6)", table), around.AddDate(0, -2, 0))
		require.NoError(t, err)
	}
}
