package chatapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

func (h handler) registerSettings(api *httpx.API) {
	const chats = company + "/chats"
	httpx.Handle(api, httpx.Op{
		ID: "list-chats", Method: http.MethodGet, Path: chats, Tag: "Chats",
		Summary: "List chats, for those with chats.view or panel.use", Permission: access.CompanyView,
	}, h.listChats)
	httpx.Handle(api, httpx.Op{
		ID: "create-chat", Method: http.MethodPost, Path: chats, Tag: "Chats", Summary: "Set up a chat with a web connection",
		Permission: access.ChatsManage, Status: http.StatusCreated, Errors: []int{http.StatusUnprocessableEntity},
	}, h.createChat)
	httpx.Handle(api, httpx.Op{
		ID: "get-chat", Method: http.MethodGet, Path: chats + "/{chat}", Tag: "Chats",
		Summary: "Show a chat, to those with chats.view or panel.use", Permission: access.CompanyView,
	}, h.getChat)
	httpx.Handle(api, httpx.Op{
		ID: "change-chat", Method: http.MethodPatch, Path: chats + "/{chat}", Tag: "Chats", Summary: "Change settings of a chat",
		Permission: access.ChatsManage, Errors: []int{http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
	}, h.changeChat)
	httpx.Handle(api, httpx.Op{
		ID: "archive-chat", Method: http.MethodPost, Path: chats + "/{chat}/archive", Tag: "Chats", Summary: "End a chat and keep its dialogs",
		Permission: access.ChatsManage,
	}, h.archiveChat)
}

type ListInput struct {
	httpx.InCompany
	Cursor string `query:"cursor" maxLength:"2000" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (in ListInput) page() chat.Paging { return chat.Paging{Cursor: in.Cursor, Limit: in.Limit} }

// Chat is a chat as the API shows it.
type Chat = chat.Configuration

type chatOutput struct {
	ETag string `header:"ETag" doc:"The version, for If-Match"`
	Body Chat
}

type chatsOutput struct{ Body chat.List[Chat] }

type ChatInput struct {
	httpx.InCompany
	Chat uuid.UUID `path:"chat" format:"uuid"`
}

func showChat(c chat.Configuration, err error) (*chatOutput, error) {
	if err != nil {
		return nil, err
	}
	return &chatOutput{ETag: `"` + strconv.Itoa(c.Version) + `"`, Body: c}, nil
}

func (h handler) listChats(ctx context.Context, actor access.Actor, in *ListInput) (*chatsOutput, error) {
	if err := mayRead(actor); err != nil {
		return nil, err
	}
	list, err := h.chats.Chats(ctx, actor, in.page())
	return &chatsOutput{list}, err
}

func (h handler) createChat(ctx context.Context, actor access.Actor, in *struct {
	httpx.InCompany
	Body chat.SettingsChange
}) (*chatOutput, error) {
	return showChat(h.chats.CreateChat(ctx, actor, in.Body))
}

func (h handler) getChat(ctx context.Context, actor access.Actor, in *ChatInput) (*chatOutput, error) {
	if err := mayRead(actor); err != nil {
		return nil, err
	}
	return showChat(h.chats.Chat(ctx, actor, in.Chat))
}

type changeChatInput struct {
	ChatInput
	IfMatch string `header:"If-Match" required:"true" doc:"The version that was edited, or *"`
	Body    chat.SettingsChange
}

func (h handler) changeChat(ctx context.Context, actor access.Actor, in *changeChatInput) (*chatOutput, error) {
	version, err := versionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return showChat(h.chats.ChangeChat(ctx, actor, in.Chat, version, in.Body))
}

// versionOf reads an entity tag of ours (RFC 9110, 13.1.1); * is any version.
func versionOf(tag string) (*int, error) {
	tag = strings.TrimSpace(tag)
	if tag == "*" {
		return nil, nil
	}
	n, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`))
	if err != nil {
		return nil, fault.Field("If-Match", fault.BadFormat, "Send the version that was edited.")
	}
	return &n, nil
}

func (h handler) archiveChat(ctx context.Context, actor access.Actor, in *ChatInput) (*chatOutput, error) {
	return showChat(h.chats.ArchiveChat(ctx, actor, in.Chat))
}
