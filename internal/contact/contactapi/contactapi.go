// Package contactapi is the HTTP face of package contact.
package contactapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/contact"
	"parley/internal/platform/httpx"
)

// Register adds the operations of contacts to the API.
func Register(api *httpx.API, contacts *contact.Service, importer *contact.Importer) {
	h := handler{contacts, importer}
	httpx.Handle(api, httpx.Op{
		ID: "update-contact", Method: http.MethodPatch, Path: "/api/v1/companies/{company}/contacts/{contact}",
		Tag: "Contacts", Summary: "Change a contact's name, phone, email, tags or note",
		Permission: access.ContactsEdit, Errors: []int{http.StatusUnprocessableEntity},
	}, h.update)
	h.registerLists(api)
	h.registerImports(api)
	h.registerExclusions(api)
}

type handler struct {
	contacts *contact.Service
	importer *contact.Importer
}

// Contact is a contact as the API shows it.
type Contact struct {
	ID          uuid.UUID `json:"id"`
	Number      int64     `json:"number"`
	Name        string    `json:"name"`
	Phone       string    `json:"phone" doc:"E.164, or empty"`
	Email       string    `json:"email"`
	Tags        []string  `json:"tags"`
	Note        string    `json:"note"`
	Page        *Page     `json:"page" doc:"Where the visitor is; only where a dialog is shown"`
	Language    string    `json:"language" doc:"BCP 47, or empty"`
	TimeZone    string    `json:"time_zone" doc:"IANA name, or empty"`
	FirstSeenAt time.Time `json:"first_seen_at"`
}

// Page is a page of the company's site.
type Page struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

// Show returns a contact as the API shows it.
func Show(c contact.Contact) Contact {
	return Contact{
		ID: c.ID, Number: c.Number, Name: c.Name, Phone: c.Phone, Email: c.Email, Tags: c.Tags, Note: c.Note,
		Language: c.Language, TimeZone: c.TimeZone, FirstSeenAt: c.CreatedAt,
	}
}

type updateInput struct {
	httpx.InCompany
	Contact uuid.UUID `path:"contact" format:"uuid"`
	Body    struct {
		Name  *string   `json:"name,omitempty"`
		Phone *string   `json:"phone,omitempty"`
		Email *string   `json:"email,omitempty"`
		Tags  *[]string `json:"tags,omitempty"`
		Note  *string   `json:"note,omitempty"`
	}
}

type contactOutput struct{ Body Contact }

func (h handler) update(ctx context.Context, actor access.Actor, in *updateInput) (*contactOutput, error) {
	c, err := h.contacts.Update(ctx, actor, in.Contact, contact.Change(in.Body))
	if err != nil {
		return nil, err
	}
	return &contactOutput{Show(c)}, nil
}
