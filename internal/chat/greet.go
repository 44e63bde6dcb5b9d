package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/metering"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/plain"
	"parley/internal/pricing"
)

// greet stores what the widget said first, and returns what it costs; nothing
// in a dialog that has begun already, or in a chat that does not greet. It is
// stored with the contact's first message and not before, so that who only
// looks costs nothing, unless the chat greets whoever opens its widget. The
// contact has seen it, so that with a message it cannot be refused any more.
func (t *thread) greet(ctx context.Context, language string) ([]metering.Charge, error) {
	text := t.rules.greeting(language)
	if t.dialog.LastSeq > 0 || text == "" {
		return nil, nil
	}
	m := Message{
		ID: id.New(t.now), DialogID: t.dialog.ID, SessionID: *t.dialog.SessionID, Seq: t.dialog.LastSeq + 1, Author: ByBot,
		Kind: Text, Text: text, Attachments: []Attachment{}, At: t.now, State: "read", Public: true,
	}
	head, err := t.s.q.AppendGreeting(ctx, t.tx, chatdb.AppendGreetingParams{
		CompanyID: t.dialog.CompanyID, MessageID: m.ID, DialogID: m.DialogID, SessionID: m.SessionID, Seq: m.Seq, At: m.At, Text: text,
		Preview: preview(text, nil),
	})
	if err != nil {
		return nil, fmt.Errorf("append greeting: %w", err)
	}
	t.head = head
	t.dialog.ContactReadSeq = m.Seq
	t.remember(m)
	return []metering.Charge{{CompanyID: t.dialog.CompanyID, Reference: m.ID, Item: pricing.ChatBotMessage, Quantity: 1, At: m.At}}, nil
}

// Opened begins the dialog of a visitor who opens the widget of a chat that
// greets then. It is of our own doing: without money the widget shows its greeting
// all the same, and nothing is stored. Of in only who and where they are counts.
// The session waits for nobody until its contact writes.
func (s *Service) Opened(ctx context.Context, in Inbound) error {
	in.Page, in.Language = in.Page.clean(), plain.Cut(plain.Line(in.Language), maxLanguage)
	if err := s.meter.Prepare(ctx, in.CompanyID); err != nil {
		return err
	}
	err := s.inChat(ctx, in, func(tx *db.Tx, r *rules, n numbers) error {
		if !r.greetOnOpen || r.greeting(in.Language) == "" {
			return nil
		}
		_, err := s.q.AddressDialog(ctx, tx, chatdb.AddressDialogParams{
			CompanyID: in.CompanyID, Channel: web, Address: in.Visitor.String(), ChatID: r.id,
		})
		if !db.NoRows(err) {
			return wrap("read dialog", err) // they were greeted before
		}
		return s.openedTx(ctx, tx, r, in, n)
	})
	if fault.Is(err, fault.InsufficientFunds) || fault.Is(err, fault.SellerSuspended) || fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

func (s *Service) openedTx(ctx context.Context, tx *db.Tx, r *rules, in Inbound, n numbers) error {
	t := &thread{s: s, tx: tx, rules: r, now: s.clock.Now(), opened: true}
	if err := t.open(ctx, in, n); err != nil {
		return err
	}
	charges, err := t.greet(ctx, in.Language)
	if err != nil || len(charges) == 0 {
		return err
	}
	for i := range charges {
		charges[i].Refusable = true
	}
	t.was = t.head
	if _, err := s.meter.CaptureChunkTx(ctx, tx, in.CompanyID, charges); err != nil {
		return err
	}
	_, err = t.tell(ctx)
	return err
}

// greeting returns the greeting as the widget showed it: in the visitor's
// language as far as the chat offers it, else in the chat's first, and in the
// other one where it is not written.
func (r *rules) greeting(language string) string {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	if !slices.Contains(r.languages, primary) && len(r.languages) > 0 {
		primary = r.languages[0]
	}
	if text := *r.look.Greeting.in(primary); text != "" {
		return text
	}
	return r.look.Greeting.RU + r.look.Greeting.EN // one of them is empty
}
