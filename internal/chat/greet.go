package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/metering"
	"parley/internal/platform/id"
	"parley/internal/pricing"
)

// greet stores what the widget said first, and returns what it costs; nothing
// in a dialog that has begun already, or in a chat that does not greet. It is
// stored with the contact's first message and not before, so that who only
// looks costs nothing. The contact has seen it, so that it cannot be refused
// any more.
func (t *thread) greet(ctx context.Context, language string) ([]metering.Charge, error) {
	text := t.rules.greeting(language)
	if t.dialog.LastSeq > 0 || text == "" {
		return nil, nil
	}
	m := Message{
		ID: id.New(t.now), DialogID: t.dialog.ID, SessionID: *t.dialog.SessionID, Seq: t.dialog.LastSeq + 1, Author: ByBot,
		Kind: Text, Text: text, Attachments: []Attachment{}, At: t.now, State: "read", Public: true,
	}
	err := t.s.q.AppendGreeting(ctx, t.tx, chatdb.AppendGreetingParams{
		CompanyID: t.dialog.CompanyID, MessageID: m.ID, DialogID: m.DialogID, SessionID: m.SessionID, Seq: m.Seq, At: m.At, Text: text,
	})
	if err != nil {
		return nil, fmt.Errorf("append greeting: %w", err)
	}
	t.dialog.ContactReadSeq = m.Seq
	t.remember(m)
	return []metering.Charge{{CompanyID: t.dialog.CompanyID, Reference: m.ID, Item: pricing.ChatBotMessage, Quantity: 1, At: m.At}}, nil
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
