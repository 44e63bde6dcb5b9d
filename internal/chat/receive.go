package chat

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/contact"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
)

const (
	web             = "web"
	visitorMessages = 20 // of one visitor a minute
	maxURL          = 2000
	maxPageTitle    = 200
	maxLanguage     = 35 // BCP 47, section 4.4.1
)

// VisitedPage is where on the site a visitor is.
type VisitedPage struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

func (p VisitedPage) clean() VisitedPage {
	p.URL, p.Title = plain.Line(p.URL), plain.Cut(plain.Line(p.Title), maxPageTitle)
	if len(p.URL) > maxURL || !aPage(p.URL) {
		p.URL = ""
	}
	return p
}

// aPage keeps addresses from operators that would run something when they are
// followed, such as javascript:.
func aPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "file")
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
	in.Page, in.Language = in.Page.clean(), plain.Cut(plain.Line(in.Language), maxLanguage)
	if wait := s.pace.Allow(in.Visitor, s.clock.Now()); wait > 0 {
		return VisitorMessage{}, fault.New(fault.RateLimited, "Too many messages. Try again in a moment.").After(wait)
	}
	if err := s.meter.Prepare(ctx, in.CompanyID); err != nil {
		return VisitorMessage{}, err
	}
	if len(in.Attachments) == 0 {
		a, err := s.gather(ctx, in)
		if err != nil {
			return VisitorMessage{}, err
		}
		if a.stored {
			return s.forVisitor(in.CompanyID, a.m, a.thread.rules), nil
		}
	}
	return s.receiveAlone(ctx, in)
}

var errNoWidget = fault.New(fault.NotFound, "There is no such widget.")

// receiveAlone stores a message in a transaction of its own, in which a dialog
// or a session may begin.
func (s *Service) receiveAlone(ctx context.Context, in Inbound) (out VisitorMessage, err error) {
	err = s.inChat(ctx, in, func(tx *db.Tx, r *rules, n numbers) error {
		m, err := s.receiveTx(ctx, tx, r, in, n)
		out = s.forVisitor(in.CompanyID, m, r)
		return err
	})
	return out, err
}

// inChat runs do in a transaction with the rules of the chat that a visitor is
// in, and with the numbers that it turns out to need.
func (s *Service) inChat(ctx context.Context, in Inbound, do func(tx *db.Tx, r *rules, n numbers) error) error {
	var n numbers
	for {
		err := s.db.InCompany(ctx, in.CompanyID, func(tx *db.Tx) error {
			r, err := s.rulesOfConnectionTx(ctx, tx, in.CompanyID, in.ConnectionID)
			if err != nil {
				return err
			}
			if !r.active {
				return errNoWidget
			}
			return do(tx, r, n)
		})
		var missing errNumbers
		if !errors.As(err, &missing) {
			return err
		}
		if n, err = s.takeNumbers(ctx, in.CompanyID, missing); err != nil {
			return err
		}
	}
}

func (s *Service) receiveTx(ctx context.Context, tx *db.Tx, r *rules, in Inbound, n numbers) (Message, error) {
	t := &thread{s: s, tx: tx, rules: r, now: s.clock.Now()}
	if err := t.open(ctx, in, n); err != nil {
		return Message{}, err
	}
	known, found, err := t.byKey(ctx, in.Key)
	if err != nil || found {
		return known, err
	}
	charges, err := t.greet(ctx, in.Language)
	if err != nil {
		return Message{}, err
	}
	m := in.message(t.now)
	if m.Attachments, err = t.bind(ctx, m.ID, in.Attachments, &in.Visitor, nil); err != nil {
		return Message{}, err
	}
	p := chatdb.AppendContactParams{CompanyID: in.CompanyID, Channel: web, At: t.now}
	if err := addAppend(&p, in, m, r, time.Time{}); err != nil {
		return Message{}, err
	}
	rows, err := s.q.AppendContact(ctx, tx, p)
	if err == nil && len(rows) != 1 {
		err = errors.New("the session is not there")
	}
	if err != nil {
		return Message{}, fmt.Errorf("append message: %w", err)
	}
	m = t.appended(m, rows[0])
	// The wallet is locked last and shortest.
	if _, err = s.meter.CaptureChunkTx(ctx, tx, in.CompanyID, append(charges, inboundCharge(in.CompanyID, m))); err != nil {
		return Message{}, err
	}
	_, err = t.tell(ctx)
	return m, err
}

// numbers are what new contacts, dialogs and sessions are called by people.
// They are taken before the transaction that uses them: who takes one holds a
// row that every other beginning of the company waits for. One that is not
// used is a gap.
type numbers struct{ contact, dialog, session int64 }

// errNumbers says which numbers a transaction turned out to need: that of a
// session, and of what comes with a new dialog.
type errNumbers struct{ dialog bool }

func (errNumbers) Error() string { return "numbers are needed" }

func (s *Service) takeNumbers(ctx context.Context, companyID int64, missing errNumbers) (n numbers, err error) {
	err = s.db.InCompany(ctx, companyID, func(tx *db.Tx) error {
		// A number that a crash takes back was used by nobody: the commit that
		// uses it waits for the disk, and comes later in the log.
		if err := s.q.CommitLater(ctx, tx); err != nil {
			return fmt.Errorf("prepare to take numbers: %w", err)
		}
		names := []string{"session"}
		if missing.dialog {
			names = append(names, "contact", "dialog")
		}
		next, err := s.accounts.NextOfEachTx(ctx, tx, companyID, names...)
		if err != nil {
			return err
		}
		n = numbers{contact: next["contact"], dialog: next["dialog"], session: next["session"]}
		return nil
	})
	return n, err
}

// open locks the visitor's dialog, or makes it, and sees to it that it has an
// open session.
func (t *thread) open(ctx context.Context, in Inbound, n numbers) error {
	s := t.s
	place := chatdb.LockAddressDialogParams{CompanyID: in.CompanyID, Channel: web, Address: in.Visitor.String(), ChatID: t.rules.id}
	d, err := s.q.LockAddressDialog(ctx, t.tx, place)
	var c contact.Contact
	if db.NoRows(err) {
		if n.dialog == 0 {
			return errNumbers{dialog: true}
		}
		at, hints := contact.Address{Channel: web, Address: in.Visitor.String()}, contact.Hints{Language: in.Language, TimeZone: in.TimeZone, Number: n.contact}
		var addressID uuid.UUID
		if c, addressID, err = s.contacts.FindOrCreateTx(ctx, t.tx, in.CompanyID, at, hints); err != nil {
			return err
		}
		d, err = t.create(ctx, in, addressID, n.dialog)
		t.created = err == nil
		if db.NoRows(err) {
			d, err = s.q.LockAddressDialog(ctx, t.tx, place) // another was quicker
		}
	}
	if err != nil {
		return fmt.Errorf("lock dialog: %w", err)
	}
	t.dialog, t.now = d, s.clock.Now()
	return t.needSession(ctx, in, c, n.session)
}

// create makes the dialog; no row comes back when it is there already.
func (t *thread) create(ctx context.Context, in Inbound, addressID uuid.UUID, number int64) (chatdb.Dialog, error) {
	return t.s.q.InsertDialog(ctx, t.tx, chatdb.InsertDialogParams{
		CompanyID: in.CompanyID, ID: id.New(t.now), Number: number, ChatID: t.rules.id, AddressID: addressID, Channel: web,
		Address: in.Visitor.String(), ConnectionID: in.ConnectionID, Language: in.Language,
		PageUrl: in.Page.URL, PageTitle: in.Page.Title, CreatedAt: t.now,
	})
}

// needSession makes sure that there is an open session for a new message: what
// has outlived its time is closed, and another begins.
func (t *thread) needSession(ctx context.Context, in Inbound, c contact.Contact, number int64) error {
	outlived := false
	if t.dialog.SessionID != nil {
		if err := t.read(ctx); err != nil {
			return err
		}
		if t.session.LastMessageAt.After(t.now.Add(-t.rules.lifetime)) {
			return nil
		}
		outlived = true
	}
	if _, found, err := t.byKey(ctx, in.Key); err != nil || found {
		return err // nothing new is going to be stored
	}
	if number == 0 {
		return errNumbers{}
	}
	if outlived {
		if err := t.close(ctx, closing{}); err != nil {
			return err
		}
	}
	return t.begin(ctx, c, number)
}

// begin begins a session, which waits in the queue until it is shared out.
func (t *thread) begin(ctx context.Context, c contact.Contact, number int64) error {
	t.session = chatdb.Session{
		CompanyID: t.dialog.CompanyID, ID: id.New(t.now), Number: number, DialogID: t.dialog.ID, ChatID: t.dialog.ChatID,
		State: string(Queued), StartedAt: t.now, LastMessageAt: t.now,
		FirstTargetS: t.rules.firstTarget, NextTargetS: t.rules.nextTarget,
	}
	if !t.opened {
		t.session.QueuedAt = &t.now
		t.wakeQueue()
	}
	err := t.s.q.BeginSession(ctx, t.tx, chatdb.BeginSessionParams{
		CompanyID: t.dialog.CompanyID, ID: t.session.ID, Number: number, DialogID: t.dialog.ID, ChatID: t.dialog.ChatID,
		At: t.now, QueuedAt: t.session.QueuedAt, FirstTargetS: t.rules.firstTarget, NextTargetS: t.rules.nextTarget,
		DialogNumber: t.dialog.Number, Channel: t.dialog.Channel, ContactID: c.ID, ContactName: c.Name, Tags: append([]string{}, c.Tags...),
	})
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	t.dialog.SessionID = &t.session.ID
	return nil
}

// byKey finds the message that was stored with a client's key.
func (t *thread) byKey(ctx context.Context, key uuid.UUID) (Message, bool, error) {
	if t.created {
		return Message{}, false, nil
	}
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
