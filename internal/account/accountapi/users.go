package accountapi

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const tagUsers = "Users"

func (e *Entry) registerUsers(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "users", Method: http.MethodGet, Path: "/api/v1/companies/{company}/users", Tag: tagUsers,
		Summary: "Users of the company by name", Permission: access.UsersView, Errors: []int{http.StatusUnprocessableEntity},
	}, e.users)
	httpx.Handle(api, httpx.Op{
		ID: "change-user", Method: http.MethodPatch, Path: "/api/v1/companies/{company}/users/{user}", Tag: tagUsers,
		Summary: "Change a user's roles or dialog limit, block or unblock them", Permission: access.UsersManage,
		Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, e.changeUser)
}

// CompanyUser is a user of a company.
type CompanyUser struct {
	ID           int64         `json:"id"`
	Name         string        `json:"name"`
	Email        string        `json:"email"`
	Phone        string        `json:"phone" doc:"E.164, or empty"`
	Roles        []access.Role `json:"roles"`
	DialogLimit  *int          `json:"dialog_limit" doc:"Open sessions they get; null: as the company says, 0: none are handed out"`
	State        string        `json:"state" enum:"online,pause,offline"`
	Blocked      bool          `json:"blocked"`
	BlockComment string        `json:"block_comment"`
	LastSeenAt   *time.Time    `json:"last_seen_at" doc:"To the minute; null: never"`
}

func show(l account.Listed, states map[int64]string) CompanyUser {
	u := CompanyUser{
		ID: l.UserID, Name: l.Name, Email: l.Email, Phone: text(l.Phone), Roles: l.Roles, DialogLimit: l.DialogLimit,
		State: "offline", Blocked: l.Blocked, BlockComment: l.BlockReason, LastSeenAt: l.LastSeenAt,
	}
	if state, ok := states[l.UserID]; ok {
		u.State = state
	}
	return u
}

func (e *Entry) states(ctx context.Context, companyID int64) (map[int64]string, error) {
	if e.options.States == nil {
		return nil, nil
	}
	return e.options.States(ctx, companyID)
}

type usersInput struct {
	httpx.InCompany
	httpx.Page
	Q string `query:"q" maxLength:"200" doc:"Part of a name or email, or a whole id"`
}

type usersOutput struct {
	Body struct {
		Items      []CompanyUser `json:"items"`
		NextCursor *string       `json:"next_cursor"`
	}
}

func (e *Entry) users(ctx context.Context, actor access.Actor, in *usersInput) (*usersOutput, error) {
	filter := account.MemberFilter{Text: in.Q, Limit: in.Limit}
	if in.Cursor != "" {
		var err error
		if filter.After, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "Begin again without a cursor.")
		}
	}
	members, more, err := e.accounts.Members(ctx, actor, filter)
	if err != nil {
		return nil, err
	}
	states, err := e.states(ctx, actor.CompanyID)
	if err != nil {
		return nil, err
	}
	out := &usersOutput{}
	out.Body.Items = []CompanyUser{}
	for _, m := range members {
		out.Body.Items = append(out.Body.Items, show(m, states))
	}
	if more {
		next := strconv.FormatInt(members[len(members)-1].UserID, 10)
		out.Body.NextCursor = &next
	}
	return out, nil
}

type changeUserInput struct {
	httpx.InCompany
	User int64 `path:"user" minimum:"1"`
	Body struct {
		DialogLimit limit         `json:"dialog_limit,omitempty"`
		Roles       []access.Role `json:"roles,omitempty" minItems:"1" maxItems:"6"`
		Blocked     *bool         `json:"blocked,omitempty"`
		Comment     string        `json:"comment,omitempty" maxLength:"1000" doc:"Why they are blocked; only people who manage users see it"`
	}
}

// limit tells null, which means the company's default, from nothing said.
type limit struct {
	said  bool
	value *int
}

func (l *limit) UnmarshalJSON(data []byte) error {
	l.said = true
	return json.Unmarshal(data, &l.value)
}

// Schema implements huma.SchemaProvider.
func (limit) Schema(huma.Registry) *huma.Schema {
	least, most := 0.0, float64(account.MaxDialogs)
	return &huma.Schema{
		Type: huma.TypeInteger, Nullable: true, Minimum: &least, Maximum: &most,
		Description: "Open sessions they get; null: as the company says, 0: none are handed out",
	}
}

type userOutput struct{ Body CompanyUser }

func (e *Entry) changeUser(ctx context.Context, actor access.Actor, in *changeUserInput) (*userOutput, error) {
	changed, err := e.accounts.ChangeMember(ctx, actor, in.User, account.MemberChange{
		SetDialogLimit: in.Body.DialogLimit.said, DialogLimit: in.Body.DialogLimit.value,
		Roles: in.Body.Roles, Blocked: in.Body.Blocked, Comment: in.Body.Comment,
	})
	if err != nil {
		return nil, err
	}
	states, err := e.states(ctx, actor.CompanyID)
	if err != nil {
		return nil, err
	}
	return &userOutput{show(changed, states)}, nil
}
