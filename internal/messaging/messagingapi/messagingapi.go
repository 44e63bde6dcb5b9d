// Package messagingapi is the HTTP face of package messaging: single messages,
// their log, and campaigns.
package messagingapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/messaging"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const (
	tag     = "Texts"
	texts   = "/api/v1/companies/{company}/texts"
	maxBulk = 8 << 20 // bytes of a call with many messages
)

// Register adds the operations of messaging to the API.
func Register(api *httpx.API, m *messaging.Service) {
	h := handler{m}
	refused := []int{http.StatusPaymentRequired, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpx.Handle(api, httpx.Op{
		ID: "send-text", Method: http.MethodPost, Path: texts, Tag: tag, Summary: "Send one message, now or later",
		Permission: access.TextsSend, Status: http.StatusCreated, Errors: refused,
	}, h.send)
	httpx.Handle(api, httpx.Op{
		ID: "send-texts", Method: http.MethodPost, Path: texts + "/bulk", Tag: tag, Summary: "Send up to 1,000 messages",
		Permission: access.TextsSend, Errors: refused, MaxBody: maxBulk,
	}, h.sendMany)
	httpx.Handle(api, httpx.Op{
		ID: "list-texts", Method: http.MethodGet, Path: texts, Tag: tag, Summary: "Log of messages, the newest first",
		Permission: access.TextsView, Errors: []int{http.StatusUnprocessableEntity},
	}, h.list)
	httpx.Handle(api, httpx.Op{
		ID: "get-text", Method: http.MethodGet, Path: texts + "/{text}", Tag: tag, Summary: "One message", Permission: access.TextsView,
	}, h.get)
	httpx.Handle(api, httpx.Op{
		ID: "text-money", Method: http.MethodGet, Path: texts + "/{text}/money", Tag: tag, Summary: "What each part of a message cost, and why",
		Permission: access.TextsView,
	}, h.money)
	httpx.Handle(api, httpx.Op{
		ID: "cancel-text", Method: http.MethodPost, Path: texts + "/{text}/cancel", Tag: tag, Summary: "Cancel a message that was not handed over yet",
		Permission: access.TextsSend, Errors: []int{http.StatusConflict},
	}, h.cancel)
	h.registerCampaigns(api)
}

type handler struct{ messaging *messaging.Service }

// NewText is a message to send.
type NewText struct {
	Channel    string     `json:"channel" enum:"sms,email"`
	To         string     `json:"to" maxLength:"254" doc:"Telephone number or e-mail address"`
	From       string     `json:"from,omitempty" maxLength:"254" doc:"Sender; left out it is the gateway's"`
	Subject    string     `json:"subject,omitempty" maxLength:"998" doc:"Of a letter"`
	Text       string     `json:"text,omitempty" maxLength:"100000"`
	HTML       string     `json:"html,omitempty" maxLength:"100000" doc:"Of a letter"`
	ExternalID string     `json:"external_id,omitempty" maxLength:"200" doc:"Your own name for it"`
	SendAt     *time.Time `json:"send_at,omitempty" doc:"Left out it is now"`
	LifetimeS  int        `json:"lifetime_s,omitempty" doc:"How long to try, in seconds, 60 to 172800; left out it is a day"`
	Resend     bool       `json:"resend,omitempty" doc:"Send again when a crash left it in doubt whether it was sent"`
}

func (n NewText) message() messaging.NewMessage {
	return messaging.NewMessage{
		Channel: n.Channel, To: n.To, From: n.From, Subject: n.Subject, Text: n.Text, HTML: n.HTML, ExternalID: n.ExternalID,
		SendAt: n.SendAt, Lifetime: time.Duration(n.LifetimeS) * time.Second, Resend: n.Resend,
	}
}

// Listed is a message as a list shows it.
type Listed struct {
	ID         uuid.UUID  `json:"id"`
	Channel    string     `json:"channel" enum:"sms,email"`
	From       string     `json:"from"`
	To         string     `json:"to"`
	Campaign   *uuid.UUID `json:"campaign"`
	Country    string     `json:"country" doc:"ISO 3166-1 alpha-2, or empty"`
	Network    string     `json:"network" doc:"MCC and MNC, or empty"`
	Parts      int        `json:"parts"`
	State      string     `json:"state" enum:"scheduled,queued,sending,sent,delivered,read,clicked,undelivered,expired,rejected,cancelled,in_doubt"`
	Reason     string     `json:"reason" doc:"Why it failed; a code"`
	ExternalID string     `json:"external_id"`
	CreatedAt  time.Time  `json:"created_at"`
	DueAt      time.Time  `json:"due_at"`
	SentAt     *time.Time `json:"sent_at"`
	DoneAt     *time.Time `json:"done_at" doc:"Delivered, or failed for good"`
}

// Text is a message with all that is known of it.
type Text struct {
	Listed
	Subject   string     `json:"subject"`
	Text      string     `json:"text"`
	HTML      string     `json:"html"`
	Detail    string     `json:"detail" doc:"What the network said"`
	Tries     int        `json:"tries"`
	ExpiresAt time.Time  `json:"expires_at"`
	ReadAt    *time.Time `json:"read_at"`
	ClickedAt *time.Time `json:"clicked_at"`
	OnNetwork []Part     `json:"on_network" doc:"The parts, by the names that the network gave them"`
}

// Part is a part of a message on its network.
type Part struct {
	N         int    `json:"n"`
	NetworkID string `json:"network_id"`
	Status    string `json:"status"`
}

func showListed(m messaging.Message) Listed {
	return Listed{
		ID: m.ID, Channel: m.Channel, From: m.Sender, To: m.Recipient, Campaign: m.CampaignID, Country: m.Country, Network: m.Network,
		Parts: m.Parts, State: string(m.State), Reason: m.Reason, ExternalID: m.ExternalID, CreatedAt: m.CreatedAt, DueAt: m.DueAt,
		SentAt: m.SentAt, DoneAt: m.DoneAt,
	}
}

func show(m messaging.Message) Text {
	return Text{
		Listed: showListed(m), Subject: m.Subject, Text: m.Text, HTML: m.HTML, Detail: m.Detail, Tries: m.Tries,
		ExpiresAt: m.ExpiresAt, ReadAt: m.ReadAt, ClickedAt: m.ClickedAt, OnNetwork: []Part{},
	}
}

type sendTextInput struct {
	httpx.InCompany
	Body NewText
}

type textOutput struct{ Body Text }

func (h handler) send(ctx context.Context, actor access.Actor, in *sendTextInput) (*textOutput, error) {
	m, err := h.messaging.Send(ctx, actor, in.Body.message())
	if err != nil {
		return nil, err
	}
	return &textOutput{show(m)}, nil
}

// Accepted says what became of one of many messages.
type Accepted struct {
	ID     *uuid.UUID                  `json:"id" doc:"null: it was refused"`
	Code   string                      `json:"code,omitempty" doc:"Why it was refused"`
	Detail string                      `json:"detail,omitempty"`
	Errors map[string]fault.FieldError `json:"errors,omitempty"`
}

type sendTextsInput struct {
	httpx.InCompany
	Body struct {
		Messages []NewText `json:"messages" minItems:"1" maxItems:"1000"`
	}
}

type sendTextsOutput struct {
	Body struct {
		Items []Accepted `json:"items" doc:"In the order of the messages"`
	}
}

func (h handler) sendMany(ctx context.Context, actor access.Actor, in *sendTextsInput) (*sendTextsOutput, error) {
	list := make([]messaging.NewMessage, 0, len(in.Body.Messages))
	for _, m := range in.Body.Messages {
		list = append(list, m.message())
	}
	accepted, err := h.messaging.SendMany(ctx, actor, list)
	if err != nil {
		return nil, err
	}
	out := &sendTextsOutput{}
	out.Body.Items = make([]Accepted, 0, len(accepted))
	for _, a := range accepted {
		one, err := showAccepted(a)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

// showAccepted fails with what is no fault of the message's own.
func showAccepted(a messaging.Accepted) (Accepted, error) {
	if a.Err == nil {
		return Accepted{ID: &a.ID}, nil
	}
	f, ok := fault.Of(a.Err)
	if !ok {
		return Accepted{}, a.Err
	}
	return Accepted{Code: string(f.Code), Detail: f.Message, Errors: f.Fields}, nil
}

type textsInput struct {
	httpx.InCompany
	httpx.Page
	Q        string    `query:"q" maxLength:"254" doc:"A telephone number, an e-mail address, an id or your own name for it"`
	Channel  string    `query:"channel" enum:"sms,email"`
	State    string    `query:"state" enum:"scheduled,queued,sending,sent,delivered,read,clicked,undelivered,expired,rejected,cancelled,in_doubt"`
	Reason   string    `query:"reason" maxLength:"40"`
	Campaign uuid.UUID `query:"campaign"`
	From     time.Time `query:"from" doc:"Accepted at this time or later"`
	To       time.Time `query:"to" doc:"Accepted before this time"`
}

type textsOutput struct {
	Body struct {
		Items      []Listed `json:"items"`
		NextCursor *string  `json:"next_cursor"`
	}
}

func (h handler) list(ctx context.Context, actor access.Actor, in *textsInput) (*textsOutput, error) {
	f := messaging.Filter{Text: in.Q, Channel: in.Channel, State: messaging.State(in.State), Reason: in.Reason, Limit: in.Limit}
	if in.Campaign != uuid.Nil {
		f.CampaignID = &in.Campaign
	}
	if !in.From.IsZero() {
		f.From = &in.From
	}
	if !in.To.IsZero() {
		f.To = &in.To
	}
	if in.Cursor != "" {
		var err error
		if f.Before, err = uuid.Parse(in.Cursor); err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of ours.")
		}
	}
	list, more, err := h.messaging.List(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := &textsOutput{}
	out.Body.Items = make([]Listed, 0, len(list))
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, showListed(m))
	}
	if more {
		cursor := list[len(list)-1].ID.String()
		out.Body.NextCursor = &cursor
	}
	return out, nil
}

type textInput struct {
	httpx.InCompany
	Text uuid.UUID `path:"text" format:"uuid"`
}

func (h handler) get(ctx context.Context, actor access.Actor, in *textInput) (*textOutput, error) {
	c, err := h.messaging.ByID(ctx, actor, in.Text)
	if err != nil {
		return nil, err
	}
	out := show(c.Message)
	for _, p := range c.OnNetwork {
		out.OnNetwork = append(out.OnNetwork, Part(p))
	}
	return &textOutput{out}, nil
}

func (h handler) cancel(ctx context.Context, actor access.Actor, in *textInput) (*struct{}, error) {
	return nil, h.messaging.Cancel(ctx, actor, in.Text)
}
