package widgetapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat"
	"parley/internal/chat/chatapi"
	"parley/internal/chat/internal/pace"
	"parley/internal/chat/pass"
	"parley/internal/connection"
	"parley/internal/platform/clientip"
	"parley/internal/platform/clock"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/platform/id"
)

// Deps is what the widget's side works with.
type Deps struct {
	Chats       *chat.Service
	Accounts    *account.Service
	Connections *connection.Service
	Passes      *pass.Keys
	Clock       clock.Clock
	Proxies     clientip.Proxies
	Rate        float64 // requests a second of one address; 0 is no limit, of new visitors neither
}

// Widget answers widgets.
type Widget struct {
	Deps
	limit     *httpx.Limiter
	newcomers *newcomers
	calls     *pace.Limiter[uuid.UUID]
}

// New returns the widget's side. Without services it can only be described.
func New(d Deps) *Widget {
	return &Widget{Deps: d, limit: httpx.NewLimiter(d.Rate), newcomers: newNewcomers(), calls: pace.New[uuid.UUID](callsAMinute, time.Minute)}
}

// Register adds the operations to the API.
func (w *Widget) Register(api *httpx.API) {
	const tag = "Widget"
	httpx.Handle(api, httpx.Op{
		ID: "visit", Method: http.MethodPost, Path: "/widget/v1/visit", Tag: tag, Permission: access.Public,
		Summary: "Begin or go on with a visit to a chat; returns the tokens for all else",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests},
	}, w.visit)
	httpx.Handle(api, httpx.Op{
		ID: "refresh-visit", Method: http.MethodPost, Path: "/widget/v1/token", Tag: tag, Permission: access.Public,
		Summary: "Get a new token for the socket", Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusTooManyRequests},
	}, w.token)
	api.HandleRaw(httpx.Op{
		ID: "upload-visitor-attachment", Method: http.MethodPost, Path: "/widget/v1/attachments", Tag: tag, Permission: access.Public,
		Summary: "Upload a file to send: multipart/form-data with the part file; the visitor token is the bearer", Status: http.StatusCreated,
		Errors: []int{http.StatusUnauthorized, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusTooManyRequests},
	}, w.upload)
	api.HandleRaw(httpx.Op{
		ID: "download-visitor-attachment", Method: http.MethodGet, Path: "/widget/v1/attachments/{attachment}", Tag: tag,
		Permission: access.Public, Summary: "Download a file by the address that a message names", Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, w.download)
}

// from is what a request says of where it comes from.
type from struct {
	request *http.Request
}

// Resolve implements huma.Resolver.
func (f *from) Resolve(ctx huma.Context) []error {
	f.request, _ = humago.Unwrap(ctx)
	return nil
}

// admit limits the requests of one address.
func (w *Widget) admit(r *http.Request) error {
	if ok, wait := w.limit.Allow(w.Proxies.Of(r).String(), time.Now()); !ok {
		return fault.New(fault.RateLimited, "Too many requests. Try again in a moment.").After(wait)
	}
	return nil
}

type visitInput struct {
	from
	Body struct {
		Key          string            `json:"key" maxLength:"64" doc:"Public key of the chat's web connection"`
		VisitorToken string            `json:"visitor_token,omitempty" maxLength:"400" doc:"From the visit before"`
		Page         *chat.VisitedPage `json:"page,omitempty" doc:"The page that shows the widget"`
		Referrer     string            `json:"referrer,omitempty" maxLength:"4000"`
		Language     string            `json:"language,omitempty" maxLength:"100" doc:"BCP 47"`
		TimeZone     string            `json:"time_zone,omitempty" maxLength:"100" doc:"IANA name"`
	}
}

// Visit is what a visitor needs to begin or to go on.
type Visit struct {
	VisitorToken    string                `json:"visitor_token" doc:"Keep it; good for a year from each visit"`
	ConnectionToken string                `json:"connection_token" doc:"For the socket"`
	ExpiresAt       time.Time             `json:"expires_at" doc:"When connection_token ends"`
	Chat            chat.VisitorChat      `json:"chat"`
	Dialog          *chat.VisitorDialog   `json:"dialog" doc:"null before the first message"`
	Messages        []chat.VisitorMessage `json:"messages" doc:"The newest 50, oldest first"`
}

type visitOutput struct{ Body Visit }

func (w *Widget) visit(ctx context.Context, _ access.Actor, in *visitInput) (*visitOutput, error) {
	if err := w.admit(in.request); err != nil {
		return nil, err
	}
	c, err := w.Connections.ByKey(ctx, in.Body.Key)
	if err != nil {
		return nil, err
	}
	if c.State != connection.Active {
		return nil, errNoWidget
	}
	if err := w.serves(ctx, c.CompanyID); err != nil {
		return nil, err
	}
	if !w.mayShow(c, in) {
		return nil, fault.New(fault.Forbidden, "This chat is not offered on this site.")
	}
	now := w.Clock.Now()
	visitor := pass.Visitor{CompanyID: c.CompanyID, ConnectionID: c.ID, ID: id.New(now)}
	if token := in.Body.VisitorToken; token != "" {
		known, err := w.Passes.OpenVisitor(token, now)
		if err != nil {
			return nil, err
		}
		if known.CompanyID != c.CompanyID || known.ConnectionID != c.ID {
			return nil, fault.New(fault.Unauthenticated, "The token is for another chat. Start a new visit.")
		}
		visitor.ID = known.ID
	} else if err := w.admitNew(in.request, c.ID); err != nil {
		return nil, err
	}
	visitor.Language, visitor.TimeZone = in.Body.Language, in.Body.TimeZone
	found, err := w.Chats.Visit(ctx, visitor)
	if err != nil {
		return nil, err
	}
	out := Visit{Chat: found.Chat, Dialog: found.Dialog, Messages: found.Messages}
	out.VisitorToken, _ = w.Passes.Visitor(visitor, now)
	out.ConnectionToken, out.ExpiresAt = w.Passes.Connection(visitor, now)
	return &visitOutput{out}, nil
}

var errNoWidget = fault.New(fault.NotFound, "There is no such widget.")

// serves says whether the company is there for its visitors.
func (w *Widget) serves(ctx context.Context, companyID int64) error {
	company, err := w.Accounts.Company(ctx, companyID)
	if err != nil {
		return err
	}
	if company.Status != account.Active {
		return errNoWidget
	}
	return nil
}

// mayShow says whether the page that shows the widget, as far as it is told,
// is one of the connection's sites. Our own pages show previews.
func (w *Widget) mayShow(c connection.Connection, in *visitInput) bool {
	pages := []string{in.request.Header.Get("Origin")}
	if in.Body.Page != nil {
		pages = append(pages, in.Body.Page.URL)
	}
	for _, page := range pages {
		if page != "" && !ours(page, in.request) && !c.AllowedSites.Allow(page) {
			return false
		}
	}
	return true
}

func ours(page string, r *http.Request) bool {
	u, err := url.Parse(page)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

type tokenInput struct {
	from
	Body struct {
		VisitorToken string `json:"visitor_token" maxLength:"400"`
	}
}

// Token opens a socket.
type Token struct {
	ConnectionToken string    `json:"connection_token"`
	ExpiresAt       time.Time `json:"expires_at"`
}

type tokenOutput struct{ Body Token }

func (w *Widget) token(ctx context.Context, _ access.Actor, in *tokenInput) (*tokenOutput, error) {
	if err := w.admit(in.request); err != nil {
		return nil, err
	}
	now := w.Clock.Now()
	visitor, err := w.Passes.OpenVisitor(in.Body.VisitorToken, now)
	if err != nil {
		return nil, err
	}
	if err := w.serves(ctx, visitor.CompanyID); err != nil {
		return nil, err
	}
	var out Token
	out.ConnectionToken, out.ExpiresAt = w.Passes.Connection(visitor, now)
	return &tokenOutput{out}, nil
}

func (w *Widget) upload(rw http.ResponseWriter, r *http.Request, _ access.Actor) error {
	if err := w.admit(r); err != nil {
		return err
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	visitor, err := w.Passes.OpenVisitor(token, w.Clock.Now())
	if err != nil {
		return err
	}
	if err := w.serves(r.Context(), visitor.CompanyID); err != nil {
		return err
	}
	return chatapi.AcceptFile(rw, r, func(u chat.Upload) (chat.Attachment, error) {
		u.Address = network(w.Proxies.Of(r)).String()
		return w.Chats.UploadByVisitor(r.Context(), visitor, u)
	})
}

func (w *Widget) download(rw http.ResponseWriter, r *http.Request, _ access.Actor) error {
	file, err := uuid.Parse(r.PathValue("attachment"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such file.")
	}
	d, err := w.Chats.OpenForVisitor(r.Context(), r.URL.Query().Get("t"), file)
	if err != nil {
		return err
	}
	return chatapi.ServeFile(rw, r, d)
}

// strict decodes JSON and refuses members that are not there.
func strict(data []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil || d.More() {
		return fault.New(fault.Invalid, "The request is no JSON of the form that is expected.")
	}
	return nil
}
