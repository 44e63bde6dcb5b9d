// Package connectionapi is the HTTP face of package connection: gateways to
// text networks and their routes.
package connectionapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/connection"
	"parley/internal/platform/httpx"
)

const (
	tag      = "Gateways"
	gateways = "/api/v1/back-office/gateways"
	routes   = "/api/v1/back-office/gateway-routes"
)

// Register adds the operations of gateways to the API.
func Register(api *httpx.API, g *connection.Gateways) {
	h := handler{g}
	invalid := []int{http.StatusUnprocessableEntity}
	httpx.Handle(api, httpx.Op{
		ID: "list-gateways", Method: http.MethodGet, Path: gateways, Tag: tag, Summary: "Ways to text networks", Permission: access.PlatformGateways,
	}, h.list)
	httpx.Handle(api, httpx.Op{
		ID: "create-gateway", Method: http.MethodPost, Path: gateways, Tag: tag, Summary: "Add a way to a text network",
		Permission: access.PlatformGateways, Status: http.StatusCreated, Errors: invalid,
	}, h.create)
	httpx.Handle(api, httpx.Op{
		ID: "change-gateway", Method: http.MethodPut, Path: gateways + "/{gateway}", Tag: tag, Summary: "Change a gateway",
		Permission: access.PlatformGateways, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, h.change)
	httpx.Handle(api, httpx.Op{
		ID: "list-gateway-routes", Method: http.MethodGet, Path: routes, Tag: tag, Summary: "Which gateway takes what", Permission: access.PlatformGateways,
	}, h.routes)
	httpx.Handle(api, httpx.Op{
		ID: "put-gateway-route", Method: http.MethodPut, Path: routes, Tag: tag, Summary: "Set the gateway of a country or network",
		Permission: access.PlatformGateways, Errors: invalid,
	}, h.putRoute)
	httpx.Handle(api, httpx.Op{
		ID: "delete-gateway-route", Method: http.MethodDelete, Path: routes, Tag: tag, Summary: "Take a line away", Permission: access.PlatformGateways,
	}, h.deleteRoute)
}

type handler struct{ gateways *connection.Gateways }

// Gateway is a gateway as the API shows it; its password is never shown.
type Gateway struct {
	ID        uuid.UUID  `json:"id"`
	Channel   string     `json:"channel" enum:"sms,email"`
	Name      string     `json:"name"`
	Address   string     `json:"address" doc:"Of the network, without user and password"`
	Sender    string     `json:"sender" doc:"What messages come from when they name nothing"`
	Speed     int        `json:"speed" doc:"Parts a second; 0: no limit of ours"`
	State     string     `json:"state" enum:"active,disabled"`
	Up        bool       `json:"up" doc:"The connection stands"`
	Error     string     `json:"error" doc:"The last one; it stays when all is well again"`
	ErrorAt   *time.Time `json:"error_at"`
	SeenAt    *time.Time `json:"seen_at" doc:"When its state was looked at last"`
	Version   int        `json:"version"`
	CreatedAt time.Time  `json:"created_at"`
}

func show(g connection.Gateway) Gateway {
	return Gateway{
		ID: g.ID, Channel: g.Channel, Name: g.Name, Address: g.Address, Sender: g.Sender, Speed: g.Speed, State: string(g.State),
		Up: g.Up, Error: g.Error, ErrorAt: g.ErrorAt, SeenAt: g.SeenAt, Version: g.Version, CreatedAt: g.CreatedAt,
	}
}

type listInput struct{}

type gatewaysOutput struct {
	Body struct {
		Items []Gateway `json:"items"`
	}
}

func (h handler) list(ctx context.Context, actor access.Actor, _ *listInput) (*gatewaysOutput, error) {
	list, err := h.gateways.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &gatewaysOutput{}
	out.Body.Items = make([]Gateway, 0, len(list))
	for _, g := range list {
		out.Body.Items = append(out.Body.Items, show(g))
	}
	return out, nil
}

// Form is what people say about a gateway.
type Form struct {
	Name   string `json:"name" maxLength:"100"`
	URL    string `json:"url,omitempty" maxLength:"500" doc:"Such as smpp://user:password@host:2775?window=50 or smtps://user:password@host:465; left out it stays"`
	Sender string `json:"sender" maxLength:"100"`
	Speed  int    `json:"speed,omitempty" minimum:"0" maximum:"100000"`
}

type createGatewayInput struct {
	Body struct {
		Form
		Channel string `json:"channel" enum:"sms,email"`
	}
}

type gatewayOutput struct{ Body Gateway }

func (h handler) create(ctx context.Context, actor access.Actor, in *createGatewayInput) (*gatewayOutput, error) {
	b := in.Body
	g, err := h.gateways.Add(ctx, actor, connection.GatewayForm{Channel: b.Channel, Name: b.Name, URL: b.URL, Sender: b.Sender, Speed: b.Speed})
	if err != nil {
		return nil, err
	}
	return &gatewayOutput{show(g)}, nil
}

type changeGatewayInput struct {
	Gateway uuid.UUID `path:"gateway" format:"uuid"`
	Body    struct {
		Form
		State   string `json:"state" enum:"active,disabled"`
		Version int    `json:"version" doc:"That the change is based on"`
	}
}

func (h handler) change(ctx context.Context, actor access.Actor, in *changeGatewayInput) (*struct{}, error) {
	b := in.Body
	return nil, h.gateways.Change(ctx, actor, in.Gateway, connection.GatewayForm{
		Name: b.Name, URL: b.URL, Sender: b.Sender, Speed: b.Speed, State: connection.State(b.State), Version: b.Version,
	})
}

// Route says which gateway takes what.
type Route struct {
	Channel string    `json:"channel" enum:"sms,email"`
	Country string    `json:"country" maxLength:"2" doc:"ISO 3166-1 alpha-2; empty is any"`
	Network string    `json:"network" maxLength:"6" doc:"MCC and MNC, such as 25001; empty is any"`
	Gateway uuid.UUID `json:"gateway"`
}

type gatewayRoutesOutput struct {
	Body struct {
		Items []Route `json:"items"`
	}
}

func (h handler) routes(ctx context.Context, actor access.Actor, _ *listInput) (*gatewayRoutesOutput, error) {
	list, err := h.gateways.Routes(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &gatewayRoutesOutput{}
	out.Body.Items = make([]Route, 0, len(list))
	for _, r := range list {
		out.Body.Items = append(out.Body.Items, Route{r.Channel, r.Country, r.Network, r.GatewayID})
	}
	return out, nil
}

type putGatewayRouteInput struct {
	Body Route
}

func (h handler) putRoute(ctx context.Context, actor access.Actor, in *putGatewayRouteInput) (*struct{}, error) {
	b := in.Body
	return nil, h.gateways.PutRoute(ctx, actor, connection.Route{Channel: b.Channel, Country: b.Country, Network: b.Network, GatewayID: b.Gateway})
}

type deleteRouteInput struct {
	Channel string `query:"channel" enum:"sms,email" required:"true"`
	Country string `query:"country" maxLength:"2"`
	Network string `query:"network" maxLength:"6"`
}

func (h handler) deleteRoute(ctx context.Context, actor access.Actor, in *deleteRouteInput) (*struct{}, error) {
	return nil, h.gateways.DeleteRoute(ctx, actor, connection.Route{Channel: in.Channel, Country: in.Country, Network: in.Network})
}
