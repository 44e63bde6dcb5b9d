package contactapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/contact"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const (
	tagExclusions = "Exclusions"
	exclusions    = "/api/v1/companies/{company}/exclusions"
)

func (h handler) registerExclusions(api *httpx.API) {
	unprocessable := []int{http.StatusUnprocessableEntity}
	httpx.Handle(api, httpx.Op{
		ID: "list-exclusions", Method: http.MethodGet, Path: exclusions, Tag: tagExclusions,
		Summary: "Addresses that must not be written to, the newest first", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.exclusions)
	httpx.Handle(api, httpx.Op{
		ID: "add-exclusions", Method: http.MethodPost, Path: exclusions, Tag: tagExclusions, Status: http.StatusOK,
		Summary: "Blacklist addresses by hand", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.addExclusions)
	httpx.Handle(api, httpx.Op{
		ID: "remove-exclusions", Method: http.MethodPost, Path: exclusions + "/remove", Tag: tagExclusions, Status: http.StatusOK,
		Summary: "Let addresses be written to again", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.removeExclusions)
}

// Exclusion is an address that must not be written to.
type Exclusion struct {
	ID        uuid.UUID `json:"id"`
	Channel   string    `json:"channel" enum:"sms,email"`
	Address   string    `json:"address"`
	Reason    string    `json:"reason" enum:"unsubscribed,blacklisted,hard_bounce,no_such_number"`
	ByHand    bool      `json:"by_hand"`
	CreatedAt time.Time `json:"created_at"`
}

type exclusionsInput struct {
	httpx.InCompany
	httpx.Page
	Channel string `query:"channel" enum:"sms,email" doc:"Empty: all"`
	Reason  string `query:"reason" enum:"unsubscribed,blacklisted,hard_bounce,no_such_number" doc:"Empty: all"`
	Query   string `query:"query" maxLength:"254" doc:"A part of the address"`
}

type exclusionsOutput struct {
	Body struct {
		Items      []Exclusion `json:"items"`
		NextCursor *string     `json:"next_cursor"`
	}
}

func (h handler) exclusions(ctx context.Context, actor access.Actor, in *exclusionsInput) (*exclusionsOutput, error) {
	before, err := idIn(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.contacts.Exclusions(ctx, actor, contact.ExclusionFilter{
		Channel: in.Channel, Reason: in.Reason, Typed: in.Query, Before: before, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	out := &exclusionsOutput{}
	out.Body.Items = []Exclusion{}
	for i, e := range found {
		if i == in.Limit {
			cursor := found[i-1].ID.String()
			out.Body.NextCursor = &cursor
			break
		}
		out.Body.Items = append(out.Body.Items, Exclusion(e))
	}
	return out, nil
}

type addExclusionsInput struct {
	httpx.InCompany
	Body struct {
		Channel   string   `json:"channel" enum:"sms,email"`
		Addresses []string `json:"addresses" minItems:"1" maxItems:"1000" doc:"Telephone numbers or e-mail addresses"`
	}
}

type addExclusionsOutput struct {
	Body struct {
		Added int `json:"added" doc:"How many were not blacklisted before"`
	}
}

func (h handler) addExclusions(ctx context.Context, actor access.Actor, in *addExclusionsInput) (*addExclusionsOutput, error) {
	out := &addExclusionsOutput{}
	var err error
	out.Body.Added, err = h.contacts.Blacklist(ctx, actor, in.Body.Channel, in.Body.Addresses)
	return out, err
}

type removeExclusionsInput struct {
	httpx.InCompany
	Body struct {
		Exclusions []uuid.UUID `json:"exclusions" minItems:"1" maxItems:"1000"`
	}
}

type removeExclusionsOutput struct {
	Body struct {
		Removed int `json:"removed"`
	}
}

func (h handler) removeExclusions(ctx context.Context, actor access.Actor, in *removeExclusionsInput) (*removeExclusionsOutput, error) {
	out := &removeExclusionsOutput{}
	var err error
	out.Body.Removed, err = h.contacts.RemoveExclusions(ctx, actor, in.Body.Exclusions)
	return out, err
}

// idIn reads the cursor of a list that is ordered by ids.
func idIn(cursor string) (*uuid.UUID, error) {
	if cursor == "" {
		return nil, nil
	}
	id, err := uuid.Parse(cursor)
	if err != nil {
		return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
	}
	return &id, nil
}
