package contactapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/contact"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const (
	tagLists = "Contact lists"
	lists    = "/api/v1/companies/{company}/contact-lists"
)

func (h handler) registerLists(api *httpx.API) {
	unprocessable := []int{http.StatusUnprocessableEntity}
	httpx.Handle(api, httpx.Op{
		ID: "list-contact-lists", Method: http.MethodGet, Path: lists, Tag: tagLists,
		Summary: "Contact lists, the newest first", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.lists)
	httpx.Handle(api, httpx.Op{
		ID: "create-contact-list", Method: http.MethodPost, Path: lists, Tag: tagLists, Status: http.StatusCreated,
		Summary: "Make an empty contact list", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.createList)
	httpx.Handle(api, httpx.Op{
		ID: "get-contact-list", Method: http.MethodGet, Path: lists + "/{list}", Tag: tagLists,
		Summary: "One contact list", Permission: access.ContactListsManage,
	}, h.getList)
	httpx.Handle(api, httpx.Op{
		ID: "rename-contact-list", Method: http.MethodPatch, Path: lists + "/{list}", Tag: tagLists,
		Summary: "Give a contact list another name", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.renameList)
	httpx.Handle(api, httpx.Op{
		ID: "delete-contact-list", Method: http.MethodDelete, Path: lists + "/{list}", Tag: tagLists,
		Summary: "Delete a contact list; its contacts stay", Permission: access.ContactListsManage,
	}, h.deleteList)
	httpx.Handle(api, httpx.Op{
		ID: "list-contact-list-entries", Method: http.MethodGet, Path: lists + "/{list}/entries", Tag: tagLists,
		Summary: "The contacts of a list with their variables", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.entries)
	httpx.Handle(api, httpx.Op{
		ID: "remove-contact-list-entries", Method: http.MethodPost, Path: lists + "/{list}/entries/remove", Tag: tagLists,
		Summary: "Take contacts out of a list", Permission: access.ContactListsManage, Status: http.StatusOK, Errors: unprocessable,
	}, h.removeEntries)
}

// List is a contact list as the API shows it.
type List struct {
	ID        uuid.UUID `json:"id"`
	Number    int64     `json:"number"`
	Name      string    `json:"name"`
	Columns   []string  `json:"columns" doc:"Names of variables"`
	Contacts  int       `json:"contacts" doc:"How many contacts are in it"`
	CreatedAt time.Time `json:"created_at"`
}

// Entry is a contact in a list.
type Entry struct {
	N         int               `json:"n" doc:"Ascending in the order of the list"`
	Contact   uuid.UUID         `json:"contact"`
	Name      string            `json:"name"`
	Phone     string            `json:"phone" doc:"E.164, or empty"`
	Email     string            `json:"email"`
	Variables map[string]string `json:"variables" doc:"By columns of the list, without the empty ones"`
}

func showList(l contact.List) List {
	return List{ID: l.ID, Number: l.Number, Name: l.Name, Columns: l.Columns, Contacts: l.Contacts, CreatedAt: l.CreatedAt}
}

type contactListsInput struct {
	httpx.InCompany
	httpx.Page
	Query string `query:"query" maxLength:"100" doc:"A part of the name, or the number"`
}

type contactListsOutput struct {
	Body struct {
		Items      []List  `json:"items"`
		NextCursor *string `json:"next_cursor"`
	}
}

func (h handler) lists(ctx context.Context, actor access.Actor, in *contactListsInput) (*contactListsOutput, error) {
	before, err := numberIn(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.contacts.Lists(ctx, actor, in.Query, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &contactListsOutput{}
	out.Body.Items = []List{}
	for i, l := range found {
		if i == in.Limit {
			out.Body.NextCursor = cursorOf(found[i-1].Number)
			break
		}
		out.Body.Items = append(out.Body.Items, showList(l))
	}
	return out, nil
}

// ListBody is what people decide about a list.
type ListBody struct {
	Name string `json:"name" doc:"At most 100 characters"`
}

type createListInput struct {
	httpx.InCompany
	Body ListBody
}

type listInput struct {
	httpx.InCompany
	List uuid.UUID `path:"list"`
}

type renameListInput struct {
	httpx.InCompany
	List uuid.UUID `path:"list"`
	Body ListBody
}

type listOutput struct{ Body List }

func answerList(l contact.List, err error) (*listOutput, error) {
	if err != nil {
		return nil, err
	}
	return &listOutput{showList(l)}, nil
}

func (h handler) createList(ctx context.Context, actor access.Actor, in *createListInput) (*listOutput, error) {
	return answerList(h.contacts.CreateList(ctx, actor, in.Body.Name))
}

func (h handler) getList(ctx context.Context, actor access.Actor, in *listInput) (*listOutput, error) {
	return answerList(h.contacts.ListByID(ctx, actor, in.List))
}

func (h handler) renameList(ctx context.Context, actor access.Actor, in *renameListInput) (*listOutput, error) {
	return answerList(h.contacts.RenameList(ctx, actor, in.List, in.Body.Name))
}

func (h handler) deleteList(ctx context.Context, actor access.Actor, in *listInput) (*struct{}, error) {
	return nil, h.contacts.DeleteList(ctx, actor, in.List)
}

type contactListEntriesInput struct {
	httpx.InCompany
	httpx.Page
	List  uuid.UUID `path:"list"`
	Query string    `query:"query" maxLength:"200" doc:"Beginnings of words of name, phone or email"`
}

type contactListEntriesOutput struct {
	Body struct {
		Items      []Entry `json:"items"`
		NextCursor *string `json:"next_cursor"`
	}
}

func (h handler) entries(ctx context.Context, actor access.Actor, in *contactListEntriesInput) (*contactListEntriesOutput, error) {
	after, err := numberIn(in.Cursor)
	if err != nil {
		return nil, err
	}
	from := 0
	if after != nil {
		from = int(*after)
	}
	found, err := h.contacts.ListEntries(ctx, actor, in.List, in.Query, from, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &contactListEntriesOutput{}
	out.Body.Items = []Entry{}
	for i, e := range found {
		if i == in.Limit {
			out.Body.NextCursor = cursorOf(int64(found[i-1].N))
			break
		}
		out.Body.Items = append(out.Body.Items, Entry{N: e.N, Contact: e.ContactID, Name: e.Name, Phone: e.Phone, Email: e.Email, Variables: e.Variables})
	}
	return out, nil
}

type removeContactListEntriesInput struct {
	httpx.InCompany
	List uuid.UUID `path:"list"`
	Body struct {
		Contacts []uuid.UUID `json:"contacts" minItems:"1" maxItems:"1000"`
	}
}

func (h handler) removeEntries(ctx context.Context, actor access.Actor, in *removeContactListEntriesInput) (*listOutput, error) {
	return answerList(h.contacts.RemoveEntries(ctx, actor, in.List, in.Body.Contacts))
}

// numberIn reads the cursor of a list that is ordered by a number.
func numberIn(cursor string) (*int64, error) {
	if cursor == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 32)
	if err != nil {
		return nil, fault.Field("cursor", fault.BadFormat, "This is no cursor of this list.")
	}
	return &n, nil
}

func cursorOf(n int64) *string {
	text := strconv.FormatInt(n, 10)
	return &text
}
