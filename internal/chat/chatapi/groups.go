package chatapi

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/httpx"
)

func (h handler) registerGroups(api *httpx.API) {
	const groups = company + "/groups"
	httpx.Handle(api, httpx.Op{
		ID: "list-groups", Method: http.MethodGet, Path: groups, Tag: "Operator groups",
		Summary: "List operator groups, for those with chats.view or panel.use", Permission: access.CompanyView,
	}, h.listGroups)
	httpx.Handle(api, httpx.Op{
		ID: "create-group", Method: http.MethodPost, Path: groups, Tag: "Operator groups", Summary: "Make an operator group",
		Permission: access.GroupsManage, Status: http.StatusCreated, Errors: []int{http.StatusUnprocessableEntity},
	}, h.createGroup)
	httpx.Handle(api, httpx.Op{
		ID: "change-group", Method: http.MethodPatch, Path: groups + "/{group}", Tag: "Operator groups", Summary: "Change an operator group",
		Permission: access.GroupsManage, Errors: []int{http.StatusUnprocessableEntity},
	}, h.changeGroup)
	httpx.Handle(api, httpx.Op{
		ID: "archive-group", Method: http.MethodDelete, Path: groups + "/{group}", Tag: "Operator groups", Summary: "End an operator group that nothing uses",
		Permission: access.GroupsManage, Errors: []int{http.StatusConflict},
	}, h.archiveGroup)
}

// nullable is a member of a change that is absent, null, or a value.
type nullable[T any] struct{ chat.Nullable[T] }

// UnmarshalJSON is only called for a member that is there.
func (n *nullable[T]) UnmarshalJSON(data []byte) error {
	n.Named = true
	return json.Unmarshal(data, &n.Value)
}

// Schema describes the value.
func (n nullable[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), true, "")
	s.Nullable = true
	return &s
}

// GroupChange names what shall be different about a group.
type GroupChange struct {
	Name         *string          `json:"name,omitempty"`
	Members      *[]int64         `json:"members,omitempty" doc:"Users who may answer in the panel"`
	FirstTargetS nullable[int]    `json:"first_target_s,omitempty" doc:"null: as the chat says"`
	NextTargetS  nullable[int]    `json:"next_target_s,omitempty" doc:"null: as the chat says"`
	Sharing      nullable[string] `json:"sharing,omitempty" doc:"null: as the chat says"`
}

func (c GroupChange) plain() chat.GroupChange {
	return chat.GroupChange{
		Name: c.Name, Members: c.Members, FirstTargetS: c.FirstTargetS.Nullable, NextTargetS: c.NextTargetS.Nullable, Sharing: c.Sharing.Nullable,
	}
}

type GroupInput struct {
	httpx.InCompany
	Group uuid.UUID `path:"group" format:"uuid"`
}

type groupOutput struct{ Body chat.Group }

type groupsOutput struct{ Body chat.List[chat.Group] }

func showGroup(g chat.Group, err error) (*groupOutput, error) {
	if err != nil {
		return nil, err
	}
	return &groupOutput{g}, nil
}

func (h handler) listGroups(ctx context.Context, actor access.Actor, in *ListInput) (*groupsOutput, error) {
	if err := mayRead(actor); err != nil {
		return nil, err
	}
	list, err := h.chats.Groups(ctx, actor, in.page())
	return &groupsOutput{list}, err
}

func (h handler) createGroup(ctx context.Context, actor access.Actor, in *struct {
	httpx.InCompany
	Body GroupChange
}) (*groupOutput, error) {
	return showGroup(h.chats.CreateGroup(ctx, actor, in.Body.plain()))
}

func (h handler) changeGroup(ctx context.Context, actor access.Actor, in *struct {
	GroupInput
	Body GroupChange
}) (*groupOutput, error) {
	return showGroup(h.chats.ChangeGroup(ctx, actor, in.Group, in.Body.plain()))
}

func (h handler) archiveGroup(ctx context.Context, actor access.Actor, in *GroupInput) (*struct{}, error) {
	return nil, h.chats.ArchiveGroup(ctx, actor, in.Group)
}
