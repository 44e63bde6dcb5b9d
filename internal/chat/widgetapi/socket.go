package widgetapi

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"parley/internal/chat"
	"parley/internal/chat/pass"
	"parley/internal/platform/fault"
	"parley/internal/platform/realtime"
)

// callsAMinute bounds what one visitor may ask over sockets; messages have a
// bound of their own.
const callsAMinute = 300

// Accept decides about a widget's socket: whoever shows a connection pass hears
// that visitor's channel and may call as that visitor.
func (w *Widget) Accept(_ context.Context, token string, _ []byte) (realtime.Connection, error) {
	visitor, expires, err := w.Passes.OpenConnection(token, w.Clock.Now())
	if err != nil {
		return realtime.Connection{}, err
	}
	return realtime.Connection{
		Company: visitor.CompanyID, Visitor: visitor.ID.String(),
		Channels: []string{realtime.VisitorChannel(visitor.CompanyID, visitor.ID)},
		Expires:  expires,
		Refresh: func(_ context.Context, token string) (time.Time, error) {
			again, expires, err := w.Passes.OpenConnection(token, w.Clock.Now())
			if err == nil && again.ID != visitor.ID {
				err = fault.New(fault.Unauthenticated, "The token is another visitor's.")
			}
			return expires, err
		},
		Call: func(ctx context.Context, method string, data []byte) (any, error) {
			return w.call(ctx, visitor, method, data)
		},
	}, nil
}

func (w *Widget) call(ctx context.Context, v pass.Visitor, method string, data []byte) (any, error) {
	if wait := w.calls.Allow(v.ID, w.Clock.Now()); wait > 0 {
		return nil, fault.New(fault.RateLimited, "Too many requests. Try again in a moment.").After(wait)
	}
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Invalid, "The request is not UTF-8.")
	}
	switch method {
	case "send":
		return w.send(ctx, v, data)
	case "open":
		return w.opened(ctx, v, data)
	case "typing":
		return struct{}{}, w.Chats.VisitorTyping(ctx, v)
	case "read":
		return w.read(ctx, v, data)
	case "history":
		return w.history(ctx, v, data)
	case "sync":
		return w.sync(ctx, v, data)
	}
	return nil, fault.New(fault.NotFound, "There is no such method.")
}

type sent struct {
	Message chat.VisitorMessage `json:"message"`
}

func (w *Widget) send(ctx context.Context, v pass.Visitor, data []byte) (any, error) {
	var in struct {
		Key         uuid.UUID        `json:"key"`
		Text        string           `json:"text"`
		Attachments []uuid.UUID      `json:"attachments"`
		Page        chat.VisitedPage `json:"page"`
	}
	if err := strict(data, &in); err != nil {
		return nil, err
	}
	if err := w.serves(ctx, v.CompanyID); err != nil {
		return nil, err
	}
	m, err := w.Chats.Receive(ctx, chat.Inbound{
		CompanyID: v.CompanyID, ConnectionID: v.ConnectionID, Visitor: v.ID, Language: v.Language, TimeZone: v.TimeZone,
		Key: in.Key, Text: in.Text, Attachments: in.Attachments, Page: in.Page,
	})
	return sent{m}, err
}

func (w *Widget) opened(ctx context.Context, v pass.Visitor, data []byte) (any, error) {
	var in struct {
		Page chat.VisitedPage `json:"page"`
	}
	if err := strict(data, &in); err != nil {
		return nil, err
	}
	if err := w.serves(ctx, v.CompanyID); err != nil {
		return nil, err
	}
	return struct{}{}, w.Chats.Opened(ctx, chat.Inbound{
		CompanyID: v.CompanyID, ConnectionID: v.ConnectionID, Visitor: v.ID, Language: v.Language, TimeZone: v.TimeZone, Page: in.Page,
	})
}

func (w *Widget) read(ctx context.Context, v pass.Visitor, data []byte) (any, error) {
	var in struct {
		Seq int64 `json:"seq"`
	}
	if err := strict(data, &in); err != nil {
		return nil, err
	}
	return struct{}{}, w.Chats.VisitorRead(ctx, v, in.Seq)
}

type messages struct {
	Items  []chat.VisitorMessage `json:"items"`
	Dialog *chat.VisitorDialog   `json:"dialog,omitempty"`
}

func (w *Widget) history(ctx context.Context, v pass.Visitor, data []byte) (any, error) {
	var in struct {
		BeforeSeq int64 `json:"before_seq"`
		Limit     int   `json:"limit"`
	}
	if err := strict(data, &in); err != nil {
		return nil, err
	}
	items, err := w.Chats.VisitorHistory(ctx, v, in.BeforeSeq, in.Limit)
	return messages{Items: items}, err
}

func (w *Widget) sync(ctx context.Context, v pass.Visitor, data []byte) (any, error) {
	var in struct {
		AfterSeq int64 `json:"after_seq"`
	}
	if err := strict(data, &in); err != nil {
		return nil, err
	}
	items, dialog, err := w.Chats.VisitorSync(ctx, v, in.AfterSeq)
	return messages{items, dialog}, err
}
