package messagingapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/messaging"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const (
	campaignTag = "Campaigns"
	campaigns   = "/api/v1/companies/{company}/campaigns"
)

func (h handler) registerCampaigns(api *httpx.API) {
	invalid := []int{http.StatusUnprocessableEntity}
	httpx.Handle(api, httpx.Op{
		ID: "list-campaigns", Method: http.MethodGet, Path: campaigns, Tag: campaignTag, Summary: "Campaigns, the newest first",
		Permission: access.TextsView, Errors: invalid,
	}, h.listCampaigns)
	httpx.Handle(api, httpx.Op{
		ID: "create-campaign", Method: http.MethodPost, Path: campaigns, Tag: campaignTag, Summary: "Prepare a campaign",
		Permission: access.CampaignsManage, Status: http.StatusCreated, Errors: invalid,
	}, h.createCampaign)
	httpx.Handle(api, httpx.Op{
		ID: "get-campaign", Method: http.MethodGet, Path: campaigns + "/{campaign}", Tag: campaignTag, Summary: "One campaign and how far it has come",
		Permission: access.TextsView,
	}, h.getCampaign)
	httpx.Handle(api, httpx.Op{
		ID: "change-campaign", Method: http.MethodPut, Path: campaigns + "/{campaign}", Tag: campaignTag, Summary: "Change a campaign that was not started",
		Permission: access.CampaignsManage, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.changeCampaign)
	httpx.Handle(api, httpx.Op{
		ID: "order-campaign", Method: http.MethodPost, Path: campaigns + "/{campaign}/orders", Tag: campaignTag, Summary: "Start, pause, resume or stop a campaign",
		Permission: access.CampaignsManage, Status: http.StatusOK, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.order)
}

// Step is what a campaign sends on one channel.
type Step struct {
	Channel string `json:"channel" enum:"sms,email"`
	Sender  string `json:"sender" maxLength:"254"`
	Subject string `json:"subject" maxLength:"998"`
	Text    string `json:"text" maxLength:"100000" doc:"With variables: {name}, or {name|friend} with what stands there when there is none"`
	HTML    string `json:"html" maxLength:"100000"`
}

// CampaignForm is what people say about a campaign.
type CampaignForm struct {
	Name      string     `json:"name" maxLength:"100"`
	Purpose   string     `json:"purpose" enum:"service,advertising"`
	List      uuid.UUID  `json:"list" doc:"The contact list"`
	Steps     []Step     `json:"steps" minItems:"1" maxItems:"1"`
	Speed     int        `json:"speed,omitempty" minimum:"0" maximum:"100000" doc:"Messages a second; 0: as fast as the network takes them"`
	LifetimeS int        `json:"lifetime_s,omitempty" doc:"How long each message is tried, in seconds, 60 to 172800; left out it is a day"`
	Resend    bool       `json:"resend,omitempty" doc:"Send again what a crash left in doubt"`
	StartsAt  *time.Time `json:"starts_at,omitempty" doc:"Left out it starts at once when it is told to"`
}

func (f CampaignForm) campaign() messaging.NewCampaign {
	n := messaging.NewCampaign{
		Name: f.Name, Purpose: messaging.Purpose(f.Purpose), ListID: f.List, Speed: f.Speed,
		Lifetime: time.Duration(f.LifetimeS) * time.Second, Resend: f.Resend, StartsAt: f.StartsAt,
	}
	for _, s := range f.Steps {
		n.Steps = append(n.Steps, messaging.Step(s))
	}
	return n
}

// Campaign is a campaign as the API shows it.
type Campaign struct {
	ID         uuid.UUID  `json:"id"`
	Number     int64      `json:"number"`
	Name       string     `json:"name"`
	Purpose    string     `json:"purpose" enum:"service,advertising"`
	List       uuid.UUID  `json:"list"`
	Steps      []Step     `json:"steps"`
	State      string     `json:"state" enum:"draft,scheduled,running,paused,stopped,finished,failed"`
	Reason     string     `json:"reason" doc:"Why it is paused or failed; a code"`
	Speed      int        `json:"speed"`
	LifetimeS  int        `json:"lifetime_s"`
	Resend     bool       `json:"resend"`
	Recipients *int       `json:"recipients" doc:"null until the audience is frozen"`
	Accepted   int        `json:"accepted" doc:"Recipients that have a message, or a reason why not"`
	StartsAt   *time.Time `json:"starts_at"`
	StartedAt  *time.Time `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at" doc:"When the last message was handed over; receipts may follow"`
	CreatedAt  time.Time  `json:"created_at"`
	Version    int        `json:"version"`
	Counts     []Count    `json:"counts"`
}

// Count says how many messages are in a state.
type Count struct {
	Step     int    `json:"step"`
	State    string `json:"state"`
	Reason   string `json:"reason"`
	Messages int64  `json:"messages"`
}

func showCampaign(c messaging.Campaign) Campaign {
	out := Campaign{
		ID: c.ID, Number: c.Number, Name: c.Name, Purpose: string(c.Purpose), List: c.ListID, State: string(c.State), Reason: c.Reason,
		Speed: c.Speed, LifetimeS: int(c.Lifetime / time.Second), Resend: c.Resend, Recipients: c.Total, Accepted: c.Next,
		StartsAt: c.StartsAt, StartedAt: c.StartedAt, FinishedAt: c.FinishedAt, CreatedAt: c.CreatedAt, Version: c.Version,
		Steps: make([]Step, 0, len(c.Steps)), Counts: make([]Count, 0, len(c.Counts)),
	}
	for _, s := range c.Steps {
		out.Steps = append(out.Steps, Step(s))
	}
	for _, n := range c.Counts {
		out.Counts = append(out.Counts, Count{n.Step, string(n.State), n.Reason, n.Messages})
	}
	return out
}

type listCampaignsInput struct {
	httpx.InCompany
	httpx.Page
	Q     string `query:"q" maxLength:"100" doc:"A part of the name"`
	State string `query:"state" enum:"draft,scheduled,running,paused,stopped,finished,failed"`
}

type campaignsOutput struct {
	Body struct {
		Items      []Campaign `json:"items"`
		NextCursor *string    `json:"next_cursor"`
	}
}

func (h handler) listCampaigns(ctx context.Context, actor access.Actor, in *listCampaignsInput) (*campaignsOutput, error) {
	f := messaging.CampaignFilter{Text: in.Q, State: messaging.CampaignState(in.State), Limit: in.Limit}
	if in.Cursor != "" {
		var err error
		if f.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of ours.")
		}
	}
	list, more, err := h.messaging.Campaigns(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := &campaignsOutput{}
	out.Body.Items = make([]Campaign, 0, len(list))
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, showCampaign(c))
	}
	if more {
		cursor := strconv.FormatInt(list[len(list)-1].Number, 10)
		out.Body.NextCursor = &cursor
	}
	return out, nil
}

type createCampaignInput struct {
	httpx.InCompany
	Body CampaignForm
}

type campaignOutput struct{ Body Campaign }

func (h handler) createCampaign(ctx context.Context, actor access.Actor, in *createCampaignInput) (*campaignOutput, error) {
	c, err := h.messaging.Create(ctx, actor, in.Body.campaign())
	if err != nil {
		return nil, err
	}
	return &campaignOutput{showCampaign(c)}, nil
}

type campaignInput struct {
	httpx.InCompany
	Campaign uuid.UUID `path:"campaign" format:"uuid"`
}

func (h handler) getCampaign(ctx context.Context, actor access.Actor, in *campaignInput) (*campaignOutput, error) {
	c, err := h.messaging.CampaignByID(ctx, actor, in.Campaign)
	if err != nil {
		return nil, err
	}
	return &campaignOutput{showCampaign(c)}, nil
}

type changeCampaignInput struct {
	httpx.InCompany
	Campaign uuid.UUID `path:"campaign" format:"uuid"`
	Body     struct {
		CampaignForm
		Version int `json:"version" doc:"That the change is based on"`
	}
}

func (h handler) changeCampaign(ctx context.Context, actor access.Actor, in *changeCampaignInput) (*struct{}, error) {
	return nil, h.messaging.Change(ctx, actor, in.Campaign, in.Body.Version, in.Body.campaign())
}

type orderCampaignInput struct {
	httpx.InCompany
	Campaign uuid.UUID `path:"campaign" format:"uuid"`
	Body     struct {
		Order string `json:"order" enum:"start,pause,resume,stop"`
	}
}

func (h handler) order(ctx context.Context, actor access.Actor, in *orderCampaignInput) (*campaignOutput, error) {
	c, err := h.messaging.Do(ctx, actor, in.Campaign, messaging.Order(in.Body.Order))
	if err != nil {
		return nil, err
	}
	return &campaignOutput{showCampaign(c)}, nil
}
