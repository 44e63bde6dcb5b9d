package httpx

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/platform/fault"
	"parley/internal/platform/idempotency"
	"parley/internal/platform/plain"
)

const maxBody = 1 << 20

// Huma's error constructor is a package variable: set once, before any server
// or test can race for it.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewError = newError
}

// Authenticator finds out who asks.
type Authenticator interface {
	// Authenticate returns the signed-in user, without a company. It returns
	// an unauthenticated fault when nobody is signed in.
	Authenticate(r *http.Request) (access.Actor, error)
	// InCompany returns the user as a member of the company, or a not_found
	// fault when there is no such company for them.
	InCompany(ctx context.Context, user access.Actor, companyID int64) (access.Actor, error)
	// InPlatform returns the user as a member of the platform's own company.
	InPlatform(ctx context.Context, user access.Actor) (access.Actor, error)
}

// Op describes one operation.
type Op struct {
	ID         string // kebab-case, unique: "close-session"
	Method     string
	Path       string // begins with /api/v1 or /widget/v1
	Tag        string
	Summary    string
	Permission access.Permission // what the actor needs, or access.Self or access.Public
	Status     int               // of success; 0 is 200, or 204 without a body
	Errors     []int             // statuses worth naming in the reference
	MaxBody    int64             // bytes; 0 is 1 MiB
}

// Route is what tests ask of an operation.
type Route struct {
	Op
	Raw bool
}

// API is where operations are registered.
type API struct {
	huma   huma.API
	mux    *http.ServeMux
	auth   Authenticator
	once   *idempotency.Store
	routes []Route
}

// New returns an API on a new mux. With once, POSTs of signed-in users that
// carry an Idempotency-Key have one effect; nil leaves keys unread.
func New(auth Authenticator, once *idempotency.Store) *API {
	config := huma.DefaultConfig("Parley", "1")
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath = ""    // the web app has the reference page
	config.SchemasPath = "" // and answers carry no $schema
	config.CreateHooks = nil
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[uuid.UUID](), reflect.TypeFor[uuidSchema]())
	config.Info.Description = "Everything the web app does goes through this API. Amounts are decimal strings, times RFC 3339, " +
		"lists are paged by cursor, errors are RFC 9457 problem details with a stable code. POSTs that create or spend take an Idempotency-Key."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"cookie": {Type: "apiKey", In: "cookie", Name: "parley_sign_in"},
	}
	mux := http.NewServeMux()
	return &API{huma: humago.New(mux, config), mux: mux, auth: auth, once: once}
}

// Mux is for what is no operation: pages, WebSockets, health.
func (a *API) Mux() *http.ServeMux { return a.mux }

// OpenAPI returns the document as YAML.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().YAML() }

// Routes lists the registered operations.
func (a *API) Routes() []Route { return slices.Clone(a.routes) }

// InCompany is embedded in inputs of paths with {company}.
type InCompany struct {
	Company int64 `path:"company" minimum:"1" doc:"The company's number"`
}

// Page is embedded in inputs of lists.
type Page struct {
	Cursor string `query:"cursor" maxLength:"400" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// Handle registers an operation with JSON input and output.
func Handle[I, O any](a *API, op Op, fn func(ctx context.Context, actor access.Actor, in *I) (*O, error)) {
	a.add(op, false)
	checkInput(op, reflect.TypeFor[I]())
	huma.Register(a.huma, a.operation(op), func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, ActorOf(ctx), in)
		if err != nil {
			return nil, problemOf(ctx, op.ID, err)
		}
		return out, nil
	})
}

// checkInput refuses inputs whose parameters would stay empty without a word:
// huma reads no fields of an embedded struct whose type is not exported.
func checkInput(op Op, in reflect.Type) {
	if in.Kind() != reflect.Struct {
		return
	}
	for i := range in.NumField() {
		f := in.Field(i)
		if !f.Anonymous {
			continue
		}
		if !f.IsExported() && f.Type.Kind() == reflect.Struct && f.Type.NumField() > 0 && tagged(f.Type) {
			panic(fmt.Sprintf("httpx: %s embeds %s, whose type must be exported to be read", op.ID, f.Name))
		}
		checkInput(op, f.Type)
	}
}

func tagged(t reflect.Type) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		for _, where := range []string{"path", "query", "header", "cookie"} {
			if _, ok := f.Tag.Lookup(where); ok {
				return true
			}
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct && tagged(f.Type) {
			return true
		}
	}
	return false
}

// HandleRaw registers an operation that reads and writes bytes itself; errors
// it returns before it has written anything become problem documents.
func (a *API) HandleRaw(op Op, fn func(w http.ResponseWriter, r *http.Request, actor access.Actor) error) {
	a.add(op, true)
	described := a.operation(op)
	described.Middlewares = nil
	described.Responses = map[string]*huma.Response{strconv.Itoa(max(op.Status, 200)): {Description: http.StatusText(max(op.Status, 200))}}
	a.huma.OpenAPI().AddOperation(&described)
	a.mux.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
		a.serve(w, r, op, func(w http.ResponseWriter, r *http.Request, actor access.Actor) {
			if err := fn(w, steady(w, r), actor); err != nil {
				WriteProblem(w, r, err)
			}
		})
	})
}

// serve lets a request through to fn when its actor may, and only once for
// each idempotency key.
func (a *API) serve(w http.ResponseWriter, r *http.Request, op Op, fn func(w http.ResponseWriter, r *http.Request, actor access.Actor)) {
	actor, err := a.authorise(r, op, r.PathValue("company"))
	if err == nil {
		err = checkQuery(r)
	}
	if err != nil {
		WriteProblem(w, r, err)
		return
	}
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fn(w, r, actor) })
	if a.once == nil || actor.UserID == 0 {
		next(w, r)
		return
	}
	scope := idempotency.Scope{
		CompanyID: actor.CompanyID, Principal: "user:" + strconv.FormatInt(actor.UserID, 10), Route: op.Method + " " + op.Path, MaxBody: op.MaxBody,
	}
	if err := a.once.Serve(w, steady(w, r), scope, next); err != nil {
		WriteProblem(w, r, err)
	}
}

// checkQuery refuses parameters that no database can compare a text with: it
// would fail on them far from here.
func checkQuery(r *http.Request) error {
	for name, values := range r.URL.Query() {
		for _, value := range values {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return fault.Field(plain.Line(name), fault.BadFormat, "This is no text.")
			}
		}
	}
	return nil
}

func (a *API) add(op Op, raw bool) {
	if op.Permission == "" {
		panic(fmt.Sprintf("httpx: %s %s declares no permission", op.Method, op.Path))
	}
	backOffice := strings.Contains(op.Path, "/back-office/")
	if strings.HasPrefix(string(op.Permission), "platform.") != backOffice {
		panic(fmt.Sprintf("httpx: %s %s: platform permissions and back-office paths go together", op.Method, op.Path))
	}
	tenant := op.Permission != access.Self && op.Permission != access.Public && !backOffice
	if tenant != (strings.Contains(op.Path, "/companies/{company}") && !backOffice) {
		panic(fmt.Sprintf("httpx: %s %s: a permission in a company needs the company in the path", op.Method, op.Path))
	}
	a.routes = append(a.routes, Route{op, raw})
}

func (a *API) operation(op Op) huma.Operation {
	o := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Tags: []string{op.Tag}, Summary: op.Summary,
		DefaultStatus: op.Status, Errors: op.Errors, MaxBodyBytes: op.MaxBody,
		Middlewares: huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
			r, w := humago.Unwrap(ctx)
			a.serve(w, r, op, func(w http.ResponseWriter, r *http.Request, actor access.Actor) {
				next(huma.WithValue(humago.NewContext(ctx.Operation(), r, w), actorKey{}, actor))
			})
		}},
	}
	if o.MaxBodyBytes == 0 {
		o.MaxBodyBytes = maxBody
	}
	if op.Permission == access.Public {
		o.Description = "Needs no sign-in."
	} else {
		o.Description = "Needs the permission `" + string(op.Permission) + "`."
		o.Security = []map[string][]string{{"cookie": {}}}
		o.Errors = append(slices.Clone(op.Errors), http.StatusUnauthorized)
		if op.Permission != access.Self {
			o.Errors = append(o.Errors, http.StatusForbidden, http.StatusNotFound)
		}
	}
	return o
}

// authorise finds the actor and says whether they may.
func (a *API) authorise(r *http.Request, op Op, company string) (access.Actor, error) {
	user, err := userOf(r, a.auth)
	if op.Permission == access.Public {
		return user, nil
	}
	if err != nil {
		return access.Actor{}, err
	}
	switch {
	case company != "" && !strings.Contains(op.Path, "/back-office/"):
		id, err := strconv.ParseInt(company, 10, 64)
		if err != nil || id < 1 {
			return access.Actor{}, fault.New(fault.NotFound, "There is no such company.")
		}
		user, err = a.auth.InCompany(r.Context(), user, id)
		if err != nil {
			return access.Actor{}, err
		}
	case strings.HasPrefix(string(op.Permission), "platform."):
		user, err = a.auth.InPlatform(r.Context(), user)
		if err != nil {
			return access.Actor{}, err
		}
	}
	if op.Permission != access.Self && !user.May(op.Permission) {
		return access.Actor{}, fault.New(fault.Forbidden, "Your role does not allow this.").With("permission", string(op.Permission))
	}
	return user, nil
}

// schemaName prefixes a type with its feature: chat.Message and
// chatapi.Messages are ChatMessage and ChatMessages. What belongs to no feature
// has its own name, as Money and Problem.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	feature := strings.TrimSuffix(path.Base(t.PkgPath()), "api")
	if t.Name() == "" || feature == "money" || strings.Contains(t.PkgPath(), "/platform/") {
		return name
	}
	prefix := []rune(feature)
	prefix[0] = unicode.ToUpper(prefix[0])
	return string(prefix) + strings.TrimPrefix(name, string(prefix))
}

// uuidSchema says that ids are no other strings.
type uuidSchema string

// Schema implements huma.SchemaProvider.
func (uuidSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
}

type actorKey struct{}

// ActorOf returns who acts in a request that was let in.
func ActorOf(ctx context.Context) access.Actor {
	actor, _ := ctx.Value(actorKey{}).(access.Actor)
	return actor
}
