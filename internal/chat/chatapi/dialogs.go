package chatapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/contact/contactapi"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

func (h handler) registerDialogs(api *httpx.API) {
	const dialogs = company + "/dialogs"
	httpx.Handle(api, httpx.Op{
		ID: "list-dialogs", Method: http.MethodGet, Path: dialogs, Tag: "Dialogs", Summary: "List dialogs as the operator panel does",
		Permission: access.PanelUse, Errors: []int{http.StatusUnprocessableEntity},
	}, h.listDialogs)
	httpx.Handle(api, httpx.Op{
		ID: "count-dialogs", Method: http.MethodGet, Path: dialogs + "/counts", Tag: "Dialogs",
		Summary: "Count the views of the list; 1000 means that many or more", Permission: access.PanelUse,
	}, h.countDialogs)
	httpx.Handle(api, httpx.Op{
		ID: "get-dialog", Method: http.MethodGet, Path: dialogs + "/{dialog}", Tag: "Dialogs",
		Summary: "Show a dialog with its contact, sessions and what can be done about it", Permission: access.PanelUse,
	}, h.getDialog)
	httpx.Handle(api, httpx.Op{
		ID: "list-messages", Method: http.MethodGet, Path: dialogs + "/{dialog}/messages", Tag: "Dialogs",
		Summary: "List a dialog's messages, oldest first", Permission: access.PanelUse, Errors: []int{http.StatusUnprocessableEntity},
	}, h.listMessages)
	httpx.Handle(api, httpx.Op{
		ID: "get-message", Method: http.MethodGet, Path: company + "/messages/{message}", Tag: "Dialogs",
		Summary: "Show one message, and by it the dialog that it is part of", Permission: access.PanelUse,
	}, h.getMessage)
}

type dialogsInput struct {
	ListInput
	View       string    `query:"view" enum:"mine,queue,unassigned,all,closed" default:"all"`
	Order      string    `query:"order" enum:"newest,unanswered_oldest,waiting_longest" default:"newest"`
	Chat       string    `query:"chat" format:"uuid"`
	Channel    string    `query:"channel" maxLength:"40"`
	Operator   int64     `query:"operator" minimum:"1" doc:"Who has the dialog, or had it last"`
	Group      string    `query:"group" format:"uuid"`
	Tag        string    `query:"tag" maxLength:"100"`
	Unanswered bool      `query:"unanswered"`
	From       time.Time `query:"from" doc:"Last message at or after this time"`
	To         time.Time `query:"to" doc:"Last message before this time"`
	Q          string    `query:"q" maxLength:"200" doc:"Words of messages, a contact's name, phone or email, or a number"`
}

func (in *dialogsInput) filter() (chat.DialogFilter, error) {
	f := chat.DialogFilter{
		Paging: in.page(), View: in.View, Order: in.Order, Channel: in.Channel, Tag: in.Tag, Unanswered: in.Unanswered, Words: in.Q,
	}
	var err error
	if f.ChatID, err = idOf("chat", in.Chat); err != nil {
		return f, err
	}
	if f.GroupID, err = idOf("group", in.Group); err != nil {
		return f, err
	}
	if in.Operator != 0 {
		f.Operator = &in.Operator
	}
	if !in.From.IsZero() {
		f.From = &in.From
	}
	if !in.To.IsZero() {
		f.To = &in.To
	}
	return f, nil
}

// idOf reads an id that may be missing.
func idOf(field, s string) (*uuid.UUID, error) {
	if s == "" {
		return nil, nil
	}
	id, err := uuid.Parse(s)
	if err != nil {
		return nil, fault.Field(field, fault.BadFormat, "This is no id.")
	}
	return &id, nil
}

type dialogsOutput struct{ Body chat.List[chat.Head] }

func (h handler) listDialogs(ctx context.Context, actor access.Actor, in *dialogsInput) (*dialogsOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	list, err := h.chats.Dialogs(ctx, actor, f)
	return &dialogsOutput{list}, err
}

type countsOutput struct{ Body chat.DialogCounts }

func (h handler) countDialogs(ctx context.Context, actor access.Actor, _ *httpx.InCompany) (*countsOutput, error) {
	counts, err := h.chats.Counts(ctx, actor)
	return &countsOutput{counts}, err
}

// Dialog is a dialog with all that the panel shows beside its messages.
type Dialog struct {
	Head            chat.Head             `json:"head"`
	Contact         contactapi.Contact    `json:"contact"`
	Session         *chat.CardSession     `json:"session" doc:"The open one"`
	Sessions        []chat.EarlierSession `json:"sessions" doc:"Newest first, at most 50"`
	ContactReadSeq  int64                 `json:"contact_read_seq"`
	OperatorReadSeq int64                 `json:"operator_read_seq"`
	DraftAllowed    bool                  `json:"draft_allowed"`
	Actions         []string              `json:"actions" enum:"reply,note,take,hand_over,close,reopen,no_answer_needed,spam"`
}

type DialogInput struct {
	httpx.InCompany
	Dialog uuid.UUID `path:"dialog" format:"uuid"`
}

type dialogOutput struct{ Body Dialog }

func (h handler) getDialog(ctx context.Context, actor access.Actor, in *DialogInput) (*dialogOutput, error) {
	c, err := h.chats.Card(ctx, actor, in.Dialog)
	if err != nil {
		return nil, err
	}
	out := Dialog{
		Head: c.Head, Contact: contactapi.Show(c.Contact), Session: c.Session, Sessions: c.Sessions,
		ContactReadSeq: c.ContactReadSeq, OperatorReadSeq: c.OperatorReadSeq, DraftAllowed: c.DraftAllowed, Actions: c.Actions,
	}
	if c.Page != nil {
		out.Contact.Page = &contactapi.Page{URL: c.Page.URL, Title: c.Page.Title}
	}
	return &dialogOutput{out}, nil
}

type messagesInput struct {
	DialogInput
	BeforeSeq int64 `query:"before_seq" minimum:"-1" default:"-1" doc:"Messages before this one; -1: not asked for"`
	AfterSeq  int64 `query:"after_seq" minimum:"-1" default:"-1" doc:"Messages after this one; -1: not asked for"`
	Limit     int   `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// Messages are a part of a dialog's messages, oldest first.
type Messages struct {
	Items      []chat.Message `json:"items"`
	NextCursor *string        `json:"next_cursor" doc:"Always null: go on with before_seq or after_seq"`
	More       bool           `json:"more" doc:"There are more in the direction that was asked for"`
}

type messagesOutput struct{ Body Messages }

func (h handler) listMessages(ctx context.Context, actor access.Actor, in *messagesInput) (*messagesOutput, error) {
	f := chat.HistoryFilter{Limit: in.Limit}
	if in.BeforeSeq >= 0 {
		f.BeforeSeq = &in.BeforeSeq
	}
	if in.AfterSeq >= 0 {
		f.AfterSeq = &in.AfterSeq
	}
	messages, more, err := h.chats.Messages(ctx, actor, in.Dialog, f)
	return &messagesOutput{Messages{Items: messages, More: more}}, err
}

type MessageInput struct {
	httpx.InCompany
	Message uuid.UUID `path:"message" format:"uuid"`
}

type oneMessageOutput struct{ Body chat.Message }

func (h handler) getMessage(ctx context.Context, actor access.Actor, in *MessageInput) (*oneMessageOutput, error) {
	m, err := h.chats.MessageByID(ctx, actor, in.Message)
	return &oneMessageOutput{m}, err
}
