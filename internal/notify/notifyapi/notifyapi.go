// Package notifyapi is the HTTP face of package notify: the notice centre, and
// what letters look like.
package notifyapi

import (
	"context"
	"fmt"
	"net/http"

	"parley/internal/access"
	"parley/internal/notify"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const (
	tag  = "Letters"
	root = "/api/v1/back-office/letters"
)

// Register adds the operations of notices and letters to the API.
func Register(api *httpx.API, n *notify.Service) {
	h := handler{n}
	h.registerNotices(api)
	httpx.Handle(api, httpx.Op{
		ID: "letters", Method: http.MethodGet, Path: root, Tag: tag,
		Summary: "The letters that the installation writes", Permission: access.PlatformCompanies,
	}, h.list)
	api.HandleRaw(httpx.Op{
		ID: "preview-letter", Method: http.MethodGet, Path: root + "/{kind}", Tag: tag,
		Summary:    "A letter made of sample values: ?language= is ru or en, ?format= is html or text",
		Permission: access.PlatformCompanies, Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.preview)
	h.registerRoutes(api)
}

type handler struct{ letters *notify.Service }

// LetterKind is a letter that the installation writes.
type LetterKind struct {
	Kind     string            `json:"kind" example:"email_confirmation"`
	Subjects map[string]string `json:"subjects" doc:"By language, made of sample values"`
}

type listOutput struct {
	Body struct {
		Items []LetterKind `json:"items"`
	}
}

func (h handler) list(context.Context, access.Actor, *struct{}) (*listOutput, error) {
	out := &listOutput{}
	out.Body.Items = []LetterKind{}
	for _, kind := range notify.Kinds() {
		one := LetterKind{kind, map[string]string{}}
		for _, language := range notify.Languages() {
			p, err := h.letters.Preview(kind, language)
			if err != nil {
				return nil, err
			}
			one.Subjects[language] = p.Subject
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

// preview shows a letter as it is sent. Its page may do nothing: no scripts,
// no forms, no requests.
func (h handler) preview(w http.ResponseWriter, r *http.Request, _ access.Actor) error {
	language, format := r.FormValue("language"), r.FormValue("format")
	if language == "" {
		language = "en"
	}
	p, err := h.letters.Preview(r.PathValue("kind"), language)
	if err != nil {
		return err
	}
	switch format {
	case "", "html":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")
		_, err = fmt.Fprint(w, p.HTML)
	case "text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err = fmt.Fprint(w, p.Text)
	default:
		return fault.Field("format", fault.UnknownName, "The format is html or text.")
	}
	return err
}
