package chatapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/httpx"
)

func (h handler) registerQuickReplies(api *httpx.API) {
	const replies = company + "/quick-replies"
	httpx.Handle(api, httpx.Op{
		ID: "list-quick-replies", Method: http.MethodGet, Path: replies, Tag: "Quick replies",
		Summary: "List the company's quick replies and one's own", Permission: access.PanelUse,
	}, h.listQuickReplies)
	httpx.Handle(api, httpx.Op{
		ID: "create-quick-reply", Method: http.MethodPost, Path: replies, Tag: "Quick replies",
		Summary: "Keep a text ready; one for the whole company needs quick_replies.manage", Permission: access.PanelUse,
		Status: http.StatusCreated, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.createQuickReply)
	httpx.Handle(api, httpx.Op{
		ID: "change-quick-reply", Method: http.MethodPatch, Path: replies + "/{reply}", Tag: "Quick replies", Summary: "Change a quick reply",
		Permission: access.PanelUse, Errors: []int{http.StatusUnprocessableEntity},
	}, h.changeQuickReply)
	httpx.Handle(api, httpx.Op{
		ID: "delete-quick-reply", Method: http.MethodDelete, Path: replies + "/{reply}", Tag: "Quick replies", Summary: "Delete a quick reply",
		Permission: access.PanelUse,
	}, h.deleteQuickReply)
}

type quickRepliesInput struct {
	ListInput
	Q      string `query:"q" maxLength:"200" doc:"Anywhere in title or text"`
	Folder string `query:"folder" maxLength:"200"`
}

type QuickReplyInput struct {
	httpx.InCompany
	Reply uuid.UUID `path:"reply" format:"uuid"`
}

type quickReplyOutput struct{ Body chat.QuickReply }

type quickRepliesOutput struct{ Body chat.List[chat.QuickReply] }

func showQuickReply(r chat.QuickReply, err error) (*quickReplyOutput, error) {
	if err != nil {
		return nil, err
	}
	return &quickReplyOutput{r}, nil
}

func (h handler) listQuickReplies(ctx context.Context, actor access.Actor, in *quickRepliesInput) (*quickRepliesOutput, error) {
	search := chat.QuickReplySearch{Paging: in.page(), Words: in.Q}
	if in.Folder != "" {
		search.Folder = &in.Folder
	}
	list, err := h.chats.QuickReplies(ctx, actor, search)
	return &quickRepliesOutput{list}, err
}

func (h handler) createQuickReply(ctx context.Context, actor access.Actor, in *struct {
	httpx.InCompany
	Body chat.QuickReplyChange
}) (*quickReplyOutput, error) {
	return showQuickReply(h.chats.CreateQuickReply(ctx, actor, in.Body))
}

func (h handler) changeQuickReply(ctx context.Context, actor access.Actor, in *struct {
	QuickReplyInput
	Body chat.QuickReplyChange
}) (*quickReplyOutput, error) {
	return showQuickReply(h.chats.ChangeQuickReply(ctx, actor, in.Reply, in.Body))
}

func (h handler) deleteQuickReply(ctx context.Context, actor access.Actor, in *QuickReplyInput) (*struct{}, error) {
	return nil, h.chats.DeleteQuickReply(ctx, actor, in.Reply)
}
