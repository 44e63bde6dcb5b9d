package chat

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/contact"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
	"parley/internal/pricing"
)

const (
	web             = "web"
	visitorMessages = 20 // of one visitor a minute
	maxURL          = 2000
	maxPageTitle    = 200
)

// VisitedPage is where on the site a visitor is.
type VisitedPage struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

func (p VisitedPage) clean() VisitedPage {
	p.URL, p.Title = plain.Line(p.URL), plain.Cut(plain.Line(p.Title), maxPageTitle)
	if len(p.URL) > maxURL {
		p.URL = ""
	}
	return p
}

// Inbound is what the visitor of a site sends.
type Inbound struct {
	CompanyID    int64
	ConnectionID uuid.UUID
	Visitor      uuid.UUID
	Language     string
	TimeZone     string

	Key         uuid.UUID // made by the browser; the same key is stored once
	Text        string
	Attachments []uuid.UUID
	Page        VisitedPage
}

// Receive stores a contact's message: it begins dialog and session when there
// are none, is charged but never refused for lack of money, and is told to
// operators after the commit. The same key again returns the same message.
func (s *Service) Receive(ctx context.Context, in Inbound) (VisitorMessage, error) {
	var err error
	if in.Text, err = cleanMessage(in.Key, in.Text, in.Attachments); err != nil {
		return VisitorMessage{}, err
	}
	in.Page = in.Page.clean()
	if wait := s.pace.Allow(in.Visitor, s.clock.Now()); wait > 0 {
		return VisitorMessage{}, fault.New(fault.RateLimited, "Too many messages. Try again in a moment.").After(wait)
	}
	var out VisitorMessage
	err = s.db.InCompany(ctx, in.CompanyID, func(tx *db.Tx) error {
		r, err := s.rulesOfConnectionTx(ctx, tx, in.CompanyID, in.ConnectionID)
		if err != nil {
			return err
		}
		if !r.active {
			return fault.New(fault.NotFound, "There is no such widget.")
		}
		m, err := s.receiveTx(ctx, tx, r, in)
		out = s.forVisitor(in.CompanyID, m, r)
		return err
	})
	return out, err
}

func (s *Service) receiveTx(ctx context.Context, tx *db.Tx, r *rules, in Inbound) (Message, error) {
	t, contact, err := s.threadOfTx(ctx, tx, r, in)
	if err != nil {
		return Message{}, err
	}
	m := Message{
		ID: id.New(t.now), DialogID: t.dialog.ID, Seq: t.dialog.LastSeq + 1, Author: ByContact, Kind: Text, Text: in.Text,
		At: t.now, Key: &in.Key, Public: true, Attachments: []Attachment{},
	}
	stored := false
	if t.dialog.SessionID != nil && len(in.Attachments) == 0 { // the usual case takes one statement
		if m, stored, err = t.appendContact(ctx, m, in, t.now.Add(-r.lifetime)); err != nil {
			return Message{}, err
		}
	}
	if !stored {
		known, found, err := t.byKey(ctx, in.Key)
		if err != nil || found {
			return known, err
		}
		if m.Attachments, err = t.bind(ctx, m.ID, in.Attachments, &in.Visitor, nil); err != nil {
			return Message{}, err
		}
		if err := t.needSession(ctx, contact); err != nil {
			return Message{}, err
		}
		m.Seq = t.dialog.LastSeq + 1
		if m, stored, err = t.appendContact(ctx, m, in, time.Time{}); err != nil || !stored {
			return Message{}, orMissing(err, stored)
		}
	}
	// The wallet is locked last and shortest.
	_, err = s.meter.CaptureTx(ctx, tx, metering.Charge{
		CompanyID: in.CompanyID, Reference: m.ID, Item: pricing.ChatContactMessage, Quantity: 1, At: t.now,
	})
	if err != nil {
		return Message{}, err
	}
	_, err = t.tell(ctx)
	return m, err
}

func orMissing(err error, stored bool) error {
	if err == nil && !stored {
		return fmt.Errorf("append message: the session is not there")
	}
	return err
}

// threadOfTx locks the visitor's dialog in the chat, or makes it. The contact
// is set for a dialog that was made.
func (s *Service) threadOfTx(ctx context.Context, tx *db.Tx, r *rules, in Inbound) (*thread, contact.Contact, error) {
	place := chatdb.LockAddressDialogParams{CompanyID: in.CompanyID, Channel: web, Address: in.Visitor.String(), ChatID: r.id}
	d, err := s.q.LockAddressDialog(ctx, tx, place)
	if err == nil || !db.NoRows(err) {
		return &thread{s: s, tx: tx, now: s.clock.Now(), rules: r, dialog: d}, contact.Contact{}, wrap("lock dialog", err)
	}
	at := contact.Address{Channel: web, Address: in.Visitor.String()}
	c, addressID, err := s.contacts.FindOrCreateTx(ctx, tx, in.CompanyID, at, contact.Hints{Language: in.Language, TimeZone: in.TimeZone})
	if err != nil {
		return nil, c, err
	}
	// Finding the contact has waited for another first message of the visitor.
	d, err = s.q.LockAddressDialog(ctx, tx, place)
	if db.NoRows(err) {
		d, err = s.createDialogTx(ctx, tx, r, in, addressID)
	}
	return &thread{s: s, tx: tx, now: s.clock.Now(), rules: r, dialog: d}, c, wrap("make dialog", err)
}

func (s *Service) createDialogTx(ctx context.Context, tx *db.Tx, r *rules, in Inbound, addressID uuid.UUID) (chatdb.Dialog, error) {
	number, err := s.accounts.NextNumberTx(ctx, tx, in.CompanyID, "dialog")
	if err != nil {
		return chatdb.Dialog{}, err
	}
	now := s.clock.Now()
	d, err := s.q.InsertDialog(ctx, tx, chatdb.InsertDialogParams{
		CompanyID: in.CompanyID, ID: id.New(now), Number: number, ChatID: r.id, AddressID: addressID, Channel: web,
		Address: in.Visitor.String(), ConnectionID: in.ConnectionID, Language: in.Language,
		PageUrl: in.Page.URL, PageTitle: in.Page.Title, CreatedAt: now,
	})
	if db.NoRows(err) { // the insert has waited for another that was quicker
		return s.q.LockAddressDialog(ctx, tx, chatdb.LockAddressDialogParams{
			CompanyID: in.CompanyID, Channel: web, Address: in.Visitor.String(), ChatID: r.id,
		})
	}
	return d, err
}

// needSession makes sure that there is an open session: what has outlived its
// time is closed, and another begins.
func (t *thread) needSession(ctx context.Context, c contact.Contact) error {
	if t.dialog.SessionID != nil {
		if err := t.read(ctx); err != nil {
			return err
		}
		if t.session.LastMessageAt.After(t.now.Add(-t.rules.lifetime)) {
			return nil
		}
		if err := t.close(ctx, closing{}); err != nil {
			return err
		}
	}
	return t.begin(ctx, c)
}

// begin begins a session, which waits in the queue until it is shared out.
func (t *thread) begin(ctx context.Context, c contact.Contact) error {
	number, err := t.s.accounts.NextNumberTx(ctx, t.tx, t.dialog.CompanyID, "session")
	if err != nil {
		return err
	}
	t.session = chatdb.Session{
		CompanyID: t.dialog.CompanyID, ID: id.New(t.now), Number: number, DialogID: t.dialog.ID, ChatID: t.dialog.ChatID,
		State: string(Queued), StartedAt: t.now, QueuedAt: &t.now, LastMessageAt: t.now,
		FirstTargetS: t.rules.firstTarget, NextTargetS: t.rules.nextTarget,
	}
	err = t.s.q.BeginSession(ctx, t.tx, chatdb.BeginSessionParams{
		CompanyID: t.dialog.CompanyID, ID: t.session.ID, Number: number, DialogID: t.dialog.ID, ChatID: t.dialog.ChatID,
		At: t.now, FirstTargetS: t.rules.firstTarget, NextTargetS: t.rules.nextTarget,
		DialogNumber: t.dialog.Number, Channel: t.dialog.Channel, ContactID: c.ID, ContactName: c.Name, Tags: append([]string{}, c.Tags...),
	})
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	t.dialog.SessionID = &t.session.ID
	t.wakeQueue()
	return nil
}

// appendContact stores a contact's message, unless its key is there already or
// the session had its last message before aliveAfter.
func (t *thread) appendContact(ctx context.Context, m Message, in Inbound, aliveAfter time.Time) (Message, bool, error) {
	if m.Text == "" {
		m.Kind = File
	}
	data, err := extra{Attachments: m.Attachments}.encode()
	if err != nil {
		return m, false, err
	}
	m.SessionID = *t.dialog.SessionID
	head, err := t.s.q.AppendContact(ctx, t.tx, chatdb.AppendContactParams{
		CompanyID: t.dialog.CompanyID, DialogID: t.dialog.ID, SessionID: m.SessionID, MessageID: m.ID, Key: in.Key,
		Seq: m.Seq, At: m.At, AliveAfter: aliveAfter, Kind: string(m.Kind), Text: m.Text, Data: data,
		Preview: preview(m.Text, m.Attachments), Language: in.Language, PageUrl: in.Page.URL, PageTitle: in.Page.Title,
	})
	if db.NoRows(err) {
		return m, false, nil
	} else if err != nil {
		return m, false, fmt.Errorf("append message: %w", err)
	}
	if t.was.DialogID == uuid.Nil { // nothing but this message changes
		t.was = head
	}
	t.head = head
	m = m.seenIn(aroundOf(t.dialog, head.ContactName))
	t.remember(m)
	return m, true, nil
}

// byKey finds the message that was stored with a client's key.
func (t *thread) byKey(ctx context.Context, key uuid.UUID) (Message, bool, error) {
	row, err := t.s.q.MessageByKey(ctx, t.tx, chatdb.MessageByKeyParams{CompanyID: t.dialog.CompanyID, DialogID: t.dialog.ID, Key: key})
	if db.NoRows(err) {
		return Message{}, false, nil
	} else if err != nil {
		return Message{}, false, fmt.Errorf("read message by key: %w", err)
	}
	head, err := t.s.q.HeadByID(ctx, t.tx, chatdb.HeadByIDParams{CompanyID: t.dialog.CompanyID, DialogID: t.dialog.ID})
	if err != nil {
		return Message{}, false, fmt.Errorf("read head: %w", err)
	}
	m, err := messageOf(messageRow(row), aroundOf(t.dialog, head.ContactName))
	return m, err == nil, err
}

// bind makes uploaded files part of a message, in the order of ids.
func (t *thread) bind(ctx context.Context, messageID uuid.UUID, ids []uuid.UUID, visitor *uuid.UUID, userID *int64) ([]Attachment, error) {
	out := []Attachment{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := t.s.q.BindAttachments(ctx, t.tx, chatdb.BindAttachmentsParams{
		CompanyID: t.dialog.CompanyID, DialogID: t.dialog.ID, MessageID: messageID, Ids: ids, VisitorID: visitor, UserID: userID,
	})
	if err != nil {
		return nil, fmt.Errorf("bind attachments: %w", err)
	}
	if len(rows) != len(ids) {
		return nil, fault.Field("attachments", fault.UnknownName, "A file was not uploaded by you, or was sent already.")
	}
	for _, id := range ids {
		i := slices.IndexFunc(rows, func(r chatdb.Attachment) bool { return r.ID == id })
		out = append(out, attachmentOf(rows[i]))
	}
	return out, nil
}

// cleanMessage checks what was typed and uploaded, and returns the text to
// keep.
func cleanMessage(key uuid.UUID, text string, attachments []uuid.UUID) (string, error) {
	if key == uuid.Nil {
		return "", fault.Field("key", fault.Required, "A message needs a key of its own.")
	}
	if !utf8.ValidString(text) {
		return "", fault.Field("text", fault.BadFormat, "The text is not UTF-8.")
	}
	text = plain.Text(text)
	if plain.Line(text) == "" {
		text = "" // what shows nothing says nothing
	}
	switch {
	case plain.Length(text) > MaxText:
		return "", fault.Field("text", fault.TooLong, fmt.Sprintf("No more than %d characters.", MaxText)).With("max", MaxText)
	case len(attachments) > MaxAttachments:
		return "", fault.Field("attachments", fault.TooLong, fmt.Sprintf("No more than %d files.", MaxAttachments)).With("max", MaxAttachments)
	case text == "" && len(attachments) == 0:
		return "", fault.Field("text", fault.Required, "Write something or add a file.")
	}
	unique := slices.Clone(attachments)
	slices.SortFunc(unique, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	if len(slices.Compact(unique)) != len(attachments) {
		return "", fault.Field("attachments", fault.BadFormat, "A file is there twice.")
	}
	return text, nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
