package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/app"
	"parley/internal/chat"
	"parley/internal/connection"
	"parley/internal/ledger"
	"parley/internal/messaging"
	"parley/internal/money"
	"parley/internal/notify"
	"parley/internal/platform/blob"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/secret"
	"parley/internal/pricing"
)

// world is the whole program on a database with two companies that have
// everything and nothing to do with each other.
type world struct {
	*app.App
	now    *clock.Fixed
	people *accounttest.Fixture
	disk   *blob.Store
	ours   *household
	theirs *household

	mu         sync.Mutex
	cookies    map[int64]*http.Cookie
	priceLists map[string]string // by name
}

// household is a company with one of each thing. ids are named as the API's
// paths and bodies name them.
type household struct {
	*accounttest.Firm
	ids map[string]string
	key string // the widget's
}

func newWorld(t *testing.T) *world {
	t.Helper()
	d := dbtest.New(t)
	files, err := blob.Open(t.TempDir())
	require.NoError(t, err)
	keys, err := secret.New(secret.NewKey(1))
	require.NoError(t, err)
	now := clock.At(time.Now().Truncate(time.Microsecond))
	a, err := app.New(app.Options{
		DB: d, Clock: now, Files: files, Secrets: keys, Log: slog.New(slog.DiscardHandler), PublicURL: "http://parley.example",
		PlatformName: "Parley", PasswordCost: accounttest.Cheap, WelcomeCredit: 10 * money.Unit,
	})
	require.NoError(t, err)
	t.Cleanup(func() { a.Leave(context.Background()) })
	w := &world{App: a, now: now, disk: files, people: accounttest.NewAt(t, d, now, account.Options{}), cookies: map[int64]*http.Cookie{}, priceLists: map[string]string{}}
	require.NoError(t, a.Bus.Drain(t.Context()))
	w.sell(t)
	now.Step(time.Minute) // until new prices hold
	w.ours, w.theirs = w.settle(t, w.people.Direct), w.settle(t, w.people.First)
	w.ours.ids["price_list"], w.ours.ids["number"] = w.priceLists["Retail"], "99"
	w.theirs.ids["price_list"], w.theirs.ids["number"] = w.priceLists["Of Northwind"], "1"
	require.NoError(t, a.Bus.Drain(t.Context()))
	_, err = a.Metering.Settle(t.Context())
	require.NoError(t, err)
	w.lists(t)
	w.invoices(t)
	w.notices(t)
	w.texts(t)
	w.files(t)
	return w
}

// texts gives each household a message that waits, a contact list and a campaign.
func (w *world) texts(t *testing.T) {
	t.Helper()
	_, err := w.Gateways.Add(t.Context(), w.people.Platform.Actor(t, access.Owner), connection.GatewayForm{
		Channel: connection.SMS, Name: "SMSC", URL: "smpp://parley:secret@127.0.0.1:1", Sender: "Parley",
	})
	require.NoError(t, err)
	later := w.now.Now().Add(time.Hour)
	for _, h := range []*household{w.ours, w.theirs} {
		owner := h.Actor(t, access.Owner)
		text, err := w.Messaging.Send(t.Context(), owner, messaging.NewMessage{
			Channel: connection.SMS, To: "+79123456789", Text: "From " + h.Name, SendAt: &later,
		})
		require.NoError(t, err)
		list := uuid.New()
		require.NoError(t, w.DB.AsWorker(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO contact_list (company_id, id, number, name, created_at) VALUES ($1, $2, 1000, $3, now())`, h.ID, list, h.Name)
			return err
		}))
		campaign, err := w.Messaging.Create(t.Context(), owner, messaging.NewCampaign{
			Name: h.Name, Purpose: messaging.ServicePurpose, ListID: list, Steps: []messaging.Step{{Channel: connection.SMS, Text: h.Name}},
		})
		require.NoError(t, err)
		h.ids["text"], h.ids["list"], h.ids["campaign"] = text.ID.String(), list.String(), campaign.ID.String()
	}
}

// notices tells each household something.
func (w *world) notices(t *testing.T) {
	t.Helper()
	for _, h := range []*household{w.ours, w.theirs} {
		require.NoError(t, w.DB.AsWorker(t.Context(), func(tx *db.Tx) error {
			return w.Notify.NoticeTx(t.Context(), tx, notify.NewNotice{
				CompanyID: h.ID, Kind: notify.PaymentReceived, Fact: uuid.New(), Args: map[string]string{"amount": "1.00", "currency": "RUB", "number": h.Name},
			})
		}))
		list, err := w.Notify.Notices(t.Context(), h.Actor(t, access.Owner), nil, 1)
		require.NoError(t, err)
		h.ids["notice"] = list.Items[0].ID.String()
	}
}

// invoices gives sellers and buyers details and each household an invoice; ours
// also has a first line that theirs has not.
func (w *world) invoices(t *testing.T) {
	t.Helper()
	for _, f := range []*accounttest.Firm{w.people.Platform, w.people.Reseller, w.people.Direct, w.people.First} {
		f.Describe(t)
	}
	for h, line := range map[*household]string{w.ours: "1", w.theirs: "99"} {
		i, err := w.Billing.TopUp(t.Context(), h.Actor(t, access.Owner), 500*money.Unit)
		require.NoError(t, err)
		h.ids["invoice"], h.ids["n"] = i.ID.String(), line
		h.ids["image"] = w.image(t, h)
	}
}

// image gives a household a stamp, as one has that sold things once.
func (w *world) image(t *testing.T, h *household) string {
	t.Helper()
	key := blob.Key{CompanyID: h.ID, ID: uuid.New()}
	_, err := w.disk.Put(t.Context(), key, bytes.NewReader(picture(t)), 1<<20)
	require.NoError(t, err)
	_, err = w.DB.Worker().Exec(t.Context(), `INSERT INTO paper_image (company_id, id, kind, width, height, created_at) VALUES ($1, $2, 'stamp', 8, 8, now())`, key.CompanyID, key.ID)
	require.NoError(t, err)
	return key.ID.String()
}

// sell gives everybody prices and money.
func (w *world) sell(t *testing.T) {
	t.Helper()
	wholesale, retail := pricing.Seed()
	platform, reseller := w.people.Platform.Actor(t, access.Owner), w.people.Reseller.Actor(t, access.Owner)
	for _, s := range []struct {
		seller access.Actor
		name   string
		items  []pricing.ItemPrice
		buyers []*accounttest.Firm
	}{
		{platform, "Wholesale", wholesale, []*accounttest.Firm{w.people.Reseller}},
		{platform, "Retail", retail, []*accounttest.Firm{w.people.Direct}},
		{reseller, "Of Northwind", retail, []*accounttest.Firm{w.people.First, w.people.Second}},
	} {
		list, err := w.Pricing.CreateList(t.Context(), s.seller, s.name, pricing.SeedCurrency)
		require.NoError(t, err)
		w.priceLists[s.name] = list.ID.String()
		_, err = w.Pricing.AddVersion(t.Context(), s.seller, pricing.NewVersion{ListID: list.ID, Items: s.items})
		require.NoError(t, err)
		for _, buyer := range s.buyers {
			_, err := w.Pricing.Assign(t.Context(), s.seller, pricing.NewAssignment{BuyerID: buyer.ID, ListID: list.ID})
			require.NoError(t, err)
			_, err = w.Ledger.Deposit(t.Context(), s.seller, ledger.Deposit{CompanyID: buyer.ID, Amount: 100 * money.Unit, Reason: "Cash for " + buyer.Name, Reference: "world"})
			require.NoError(t, err)
		}
	}
}

// settle gives a company a chat, a group, a dialog with a file …
func (w *world) settle(t *testing.T, f *accounttest.Firm) *household {
	t.Helper()
	ctx, owner, operator := t.Context(), f.Actor(t, access.Owner), f.Actor(t, access.Operator)
	h := &household{Firm: f, ids: map[string]string{"company": strconv.FormatInt(f.ID, 10), "user": strconv.FormatInt(operator.UserID, 10)}}
	for _, role := range access.Roles {
		f.Person(t, role)
	}
	name := f.Name + " shop"
	group, err := w.Chats.CreateGroup(ctx, owner, chat.GroupChange{Name: &name, Members: &[]int64{operator.UserID}})
	require.NoError(t, err)
	made, err := w.Chats.CreateChat(ctx, owner, chat.SettingsChange{Name: &name, Groups: &[]uuid.UUID{group.ID}})
	require.NoError(t, err)
	connection := made.Connections[0]
	h.key = connection.PublicKey
	reply, err := w.Chats.CreateQuickReply(ctx, owner, chat.QuickReplyChange{Title: &name, Text: &name})
	require.NoError(t, err)
	_, err = w.Chats.SetOperatorState(ctx, operator, "online")
	require.NoError(t, err)
	heard, err := w.Chats.Receive(ctx, chat.Inbound{
		CompanyID: f.ID, ConnectionID: connection.ID, Visitor: uuid.New(), Key: uuid.New(), Text: "Hello " + f.Name,
	})
	require.NoError(t, err)
	require.NoError(t, w.Chats.Distribute(ctx, f.ID))
	file, err := w.Chats.UploadByOperator(ctx, operator, chat.Upload{Name: f.Name + ".png", From: bytes.NewReader(picture(t))})
	require.NoError(t, err)
	said, _, err := w.Chats.Reply(ctx, operator, chat.Outbound{DialogID: heard.DialogID, Key: uuid.New(), Text: "From " + f.Name, Attachments: []uuid.UUID{file.ID}})
	require.NoError(t, err)
	unsent, err := w.Chats.UploadByOperator(ctx, operator, chat.Upload{Name: f.Name + ".png", From: bytes.NewReader(picture(t))})
	require.NoError(t, err)
	card, err := w.Chats.Card(ctx, operator, heard.DialogID)
	require.NoError(t, err)
	for name, id := range map[string]uuid.UUID{
		"chat": made.ID, "connection": connection.ID, "group": group.ID, "reply": reply.ID, "dialog": heard.DialogID, "message": said.ID,
		"session": card.Head.SessionID, "contact": card.Contact.ID, "attachment": file.ID, "unsent": unsent.ID,
	} {
		h.ids[name] = id.String()
	}
	return h
}

// lists notes ids that come to be when books are settled.
func (w *world) lists(t *testing.T) {
	t.Helper()
	for _, h := range []*household{w.ours, w.theirs} {
		entries, _, err := w.Ledger.Entries(t.Context(), h.Actor(t, access.Owner), ledger.EntryFilter{Limit: 100})
		require.NoError(t, err)
		for _, entry := range entries {
			if entry.Kind == ledger.ChargeKind {
				h.ids["entry"] = entry.ID.String()
			}
		}
		require.NotEmpty(t, h.ids["entry"], "nothing was charged")
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))))
	return b.Bytes()
}

type answer struct {
	*httptest.ResponseRecorder
	body map[string]any
}

func (a answer) code() string {
	code, _ := a.body["code"].(string)
	return code
}

// ask sends a request of a person; nil is nobody.
func (w *world) ask(t *testing.T, by *accounttest.Person, method, path, body string, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if by != nil {
		r.AddCookie(w.cookie(t, *by))
	}
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	a := answer{ResponseRecorder: rec}
	_ = json.Unmarshal(rec.Body.Bytes(), &a.body)
	return a
}

func (w *world) cookie(t *testing.T, p accounttest.Person) *http.Cookie {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.cookies[p.ID]; c != nil {
		return c
	}
	body := fmt.Sprintf(`{"login":%q,"password":%q}`, p.Email, accounttest.Password)
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/sign-in", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.Handler.ServeHTTP(rec, r)
	require.Equal(t, 200, rec.Code, rec.Body.String())
	w.cookies[p.ID] = rec.Result().Cookies()[0]
	return w.cookies[p.ID]
}
