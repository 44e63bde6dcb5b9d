package chatapi

import (
	"context"
	"net/http"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/httpx"
)

func (h handler) registerOperators(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "list-operators", Method: http.MethodGet, Path: company + "/operators", Tag: "Operators",
		Summary: "List who answers dialogs, with state and places", Permission: access.PanelUse,
	}, h.operators)
	httpx.Handle(api, httpx.Op{
		ID: "get-operator-state", Method: http.MethodGet, Path: company + "/operator-state", Tag: "Operators",
		Summary: "Show own state", Permission: access.PanelUse,
	}, h.operatorState)
	httpx.Handle(api, httpx.Op{
		ID: "set-operator-state", Method: http.MethodPut, Path: company + "/operator-state", Tag: "Operators",
		Summary: "Go online, on a pause or offline", Permission: access.PanelUse, Errors: []int{http.StatusUnprocessableEntity},
	}, h.setOperatorState)
	httpx.Handle(api, httpx.Op{
		ID: "get-panel-figures", Method: http.MethodGet, Path: company + "/panel-figures", Tag: "Operators",
		Summary: "Show own figures of the current month", Permission: access.PanelUse,
	}, h.figures)
}

type operatorsOutput struct {
	Body struct {
		Items []chat.Operator `json:"items"`
	}
}

func (h handler) operators(ctx context.Context, actor access.Actor, _ *httpx.InCompany) (*operatorsOutput, error) {
	items, err := h.chats.Operators(ctx, actor)
	out := &operatorsOutput{}
	out.Body.Items = items
	return out, err
}

type operatorOutput struct{ Body chat.Operator }

func (h handler) operatorState(ctx context.Context, actor access.Actor, _ *httpx.InCompany) (*operatorOutput, error) {
	o, err := h.chats.OperatorState(ctx, actor)
	return &operatorOutput{o}, err
}

type stateInput struct {
	httpx.InCompany
	Body struct {
		State chat.OperatorState `json:"state" enum:"online,pause,offline"`
	}
}

func (h handler) setOperatorState(ctx context.Context, actor access.Actor, in *stateInput) (*operatorOutput, error) {
	o, err := h.chats.SetOperatorState(ctx, actor, in.Body.State)
	return &operatorOutput{o}, err
}

type figuresOutput struct{ Body chat.Figures }

func (h handler) figures(ctx context.Context, actor access.Actor, _ *httpx.InCompany) (*figuresOutput, error) {
	f, err := h.chats.Figures(ctx, actor)
	return &figuresOutput{f}, err
}
