package chatapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/httpx"
)

func (h handler) registerPanel(api *httpx.API) {
	const dialog = company + "/dialogs/{dialog}"
	httpx.Handle(api, httpx.Op{
		ID: "send-message", Method: http.MethodPost, Path: dialog + "/messages", Tag: "Dialogs",
		Summary:    "Answer a contact, or leave a note for operators; 201, or 200 with the message that has this key already",
		Permission: access.PanelUse, Status: http.StatusCreated,
		Errors: []int{http.StatusPaymentRequired, http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.send)
	for _, op := range []struct {
		id, path, summary string
		do                func(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (chat.Head, error)
	}{
		{"take-dialog", "/take", "Take a dialog that nobody has, or as a supervisor anybody's", h.take},
		{"reopen-dialog", "/reopen", "Go on with the last, closed session", h.reopen},
		{"no-answer-needed", "/no-answer-needed", "Take a dialog from the unanswered ones", h.noAnswerNeeded},
		{"mark-spam", "/spam", "Close as unwanted; within a day of the close its charges are given back", h.spam},
	} {
		httpx.Handle(api, httpx.Op{
			ID: op.id, Method: http.MethodPost, Path: dialog + op.path, Tag: "Dialogs", Summary: op.summary,
			Permission: access.PanelUse, Errors: []int{http.StatusConflict},
		}, func(ctx context.Context, actor access.Actor, in *DialogInput) (*headOutput, error) {
			return headOf(op.do(ctx, actor, in.Dialog))
		})
	}
	httpx.Handle(api, httpx.Op{
		ID: "hand-over-dialog", Method: http.MethodPost, Path: dialog + "/hand-over", Tag: "Dialogs",
		Summary:    "Give a dialog to another operator or into a group's queue",
		Permission: access.PanelUse, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.handOver)
	httpx.Handle(api, httpx.Op{
		ID: "close-dialog", Method: http.MethodPost, Path: dialog + "/close", Tag: "Dialogs", Summary: "Close the session with a result",
		Permission: access.PanelUse, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.close)
	httpx.Handle(api, httpx.Op{
		ID: "read-dialog", Method: http.MethodPost, Path: dialog + "/read", Tag: "Dialogs", Summary: "Mark messages as read up to one",
		Permission: access.PanelUse, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.read)
	httpx.Handle(api, httpx.Op{
		ID: "list-assignments", Method: http.MethodGet, Path: company + "/sessions/{session}/assignments", Tag: "Dialogs",
		Summary: "Explain who got a session and why", Permission: access.PanelUse,
	}, h.assignments)
}

// headOutput is how a dialog stands after something was done about it.
type headOutput struct{ Body chat.Head }

func headOf(head chat.Head, err error) (*headOutput, error) {
	if err != nil {
		return nil, err
	}
	return &headOutput{head}, nil
}

func (h handler) take(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (chat.Head, error) {
	return h.chats.Take(ctx, actor, dialogID)
}

func (h handler) reopen(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (chat.Head, error) {
	return h.chats.Reopen(ctx, actor, dialogID)
}

func (h handler) noAnswerNeeded(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (chat.Head, error) {
	return h.chats.NoAnswerNeeded(ctx, actor, dialogID)
}

func (h handler) spam(ctx context.Context, actor access.Actor, dialogID uuid.UUID) (chat.Head, error) {
	return h.chats.Spam(ctx, actor, dialogID)
}

type sendInput struct {
	DialogInput
	Body struct {
		Key         uuid.UUID   `json:"key" format:"uuid" doc:"Made by the client; the same key is stored once"`
		Kind        string      `json:"kind,omitempty" enum:"reply,note" default:"reply"`
		Text        string      `json:"text,omitempty" doc:"At most 4096 characters"`
		Attachments []uuid.UUID `json:"attachments,omitempty" format:"uuid" doc:"At most 10 uploaded files"`
		ReplyTo     *uuid.UUID  `json:"reply_to,omitempty" format:"uuid"`
	}
}

type sendOutput struct {
	Status int
	Body   chat.Message
}

func (h handler) send(ctx context.Context, actor access.Actor, in *sendInput) (*sendOutput, error) {
	m, added, err := h.chats.Reply(ctx, actor, chat.Outbound{
		DialogID: in.Dialog, Key: in.Body.Key, Note: in.Body.Kind == "note", Text: in.Body.Text,
		Attachments: in.Body.Attachments, ReplyTo: in.Body.ReplyTo,
	})
	if err != nil {
		return nil, err
	}
	if added {
		return &sendOutput{http.StatusCreated, m}, nil
	}
	return &sendOutput{http.StatusOK, m}, nil
}

type handOverInput struct {
	DialogInput
	Body struct {
		Operator int64      `json:"operator,omitempty" doc:"A user's number; or name a group"`
		Group    *uuid.UUID `json:"group,omitempty" format:"uuid"`
		Comment  string     `json:"comment,omitempty" doc:"For operators; at most 1000 characters"`
	}
}

func (h handler) handOver(ctx context.Context, actor access.Actor, in *handOverInput) (*headOutput, error) {
	to := chat.HandOver{Operator: in.Body.Operator, Comment: in.Body.Comment}
	if in.Body.Group != nil {
		to.Group = *in.Body.Group
	}
	return headOf(h.chats.HandOver(ctx, actor, in.Dialog, to))
}

type closeInput struct {
	DialogInput
	Body struct {
		Result  string `json:"result,omitempty" doc:"Code of one of the chat's closing results"`
		Comment string `json:"comment,omitempty" doc:"For operators; at most 1000 characters"`
	}
}

func (h handler) close(ctx context.Context, actor access.Actor, in *closeInput) (*headOutput, error) {
	return headOf(h.chats.Close(ctx, actor, in.Dialog, in.Body.Result, in.Body.Comment))
}

type readInput struct {
	DialogInput
	Body struct {
		Seq int64 `json:"seq" minimum:"0"`
	}
}

func (h handler) read(ctx context.Context, actor access.Actor, in *readInput) (*headOutput, error) {
	return headOf(h.chats.Read(ctx, actor, in.Dialog, in.Body.Seq))
}

type sessionInput struct {
	httpx.InCompany
	Session uuid.UUID `path:"session" format:"uuid"`
}

type assignmentsOutput struct {
	Body struct {
		Items []chat.Why `json:"items"`
	}
}

func (h handler) assignments(ctx context.Context, actor access.Actor, in *sessionInput) (*assignmentsOutput, error) {
	items, err := h.chats.Assignments(ctx, actor, in.Session)
	out := &assignmentsOutput{}
	out.Body.Items = items
	return out, err
}
