package contactapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/contact"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/platform/i18n"
	"parley/internal/platform/sheet"
)

const (
	tagImports = "Imports of contacts"
	imports    = "/api/v1/companies/{company}/contact-imports"
)

func (h handler) registerImports(api *httpx.API) {
	unprocessable := []int{http.StatusConflict, http.StatusUnprocessableEntity}
	api.HandleRaw(httpx.Op{
		ID: "upload-contact-import", Method: http.MethodPost, Path: imports, Tag: tagImports,
		Summary:    "Upload a CSV or XLSX file of contacts: multipart/form-data with the part file",
		Permission: access.ContactListsManage, Status: http.StatusCreated,
		Errors: []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity},
	}, h.uploadImport)
	httpx.Handle(api, httpx.Op{
		ID: "list-contact-imports", Method: http.MethodGet, Path: imports, Tag: tagImports,
		Summary: "Imports that were started, the newest first", Permission: access.ContactListsManage, Errors: []int{http.StatusUnprocessableEntity},
	}, h.imports)
	httpx.Handle(api, httpx.Op{
		ID: "get-contact-import", Method: http.MethodGet, Path: imports + "/{import}", Tag: tagImports,
		Summary: "One import with its progress", Permission: access.ContactListsManage,
	}, h.getImport)
	httpx.Handle(api, httpx.Op{
		ID: "preview-contact-import", Method: http.MethodGet, Path: imports + "/{import}/preview", Tag: tagImports,
		Summary: "The first 20 rows of an uploaded file, and what its columns seem to be", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.previewImport)
	httpx.Handle(api, httpx.Op{
		ID: "start-contact-import", Method: http.MethodPost, Path: imports + "/{import}/start", Tag: tagImports, Status: http.StatusOK,
		Summary: "Let an uploaded file run into a list", Permission: access.ContactListsManage, Errors: unprocessable,
	}, h.startImport)
	httpx.Handle(api, httpx.Op{
		ID: "cancel-contact-import", Method: http.MethodPost, Path: imports + "/{import}/cancel", Tag: tagImports, Status: http.StatusOK,
		Summary: "End an import; rows that were done stay", Permission: access.ContactListsManage,
	}, h.cancelImport)
	api.HandleRaw(httpx.Op{
		ID: "download-contact-import-errors", Method: http.MethodGet, Path: imports + "/{import}/errors", Tag: tagImports,
		Summary: "The rows that were not taken, as CSV, with the reason in the language of the request", Permission: access.ContactListsManage,
	}, h.downloadErrors)
}

// Reading is how a file is read.
type Reading struct {
	Format    string `json:"format" enum:"csv,xlsx" doc:"Found out from the content; it cannot be changed"`
	Encoding  string `json:"encoding" enum:"utf-8,windows-1251,utf-16le,utf-16be," doc:"Of CSV"`
	Delimiter string `json:"delimiter" maxLength:"1" doc:"Of CSV: a comma, a semicolon, a tab or |"`
	Sheet     int    `json:"sheet" minimum:"0" maximum:"200" doc:"Of XLSX, counted from 0"`
	Header    bool   `json:"header" doc:"The first row names the columns"`
}

// Column says what a column of a file is.
type Column struct {
	To   string `json:"to" enum:"skip,phone,email,name,client_id,variable"`
	Name string `json:"name" doc:"Of a variable"`
}

// Import is an import as the API shows it.
type Import struct {
	ID         uuid.UUID  `json:"id"`
	FileName   string     `json:"file_name"`
	FileSize   int64      `json:"file_size" doc:"Bytes"`
	State      string     `json:"state" enum:"uploading,uploaded,running,finished,failed,cancelled"`
	Reason     string     `json:"reason" doc:"Why it failed: unsupported_media, too_large, too_many_rows, not_found, invalid, internal; or empty"`
	List       *uuid.UUID `json:"list" doc:"null until it starts, and when the list was deleted"`
	Rows       int        `json:"rows" doc:"Done, without the header"`
	Permille   int        `json:"permille" doc:"How much of the file was read"`
	Created    int        `json:"created" doc:"New contacts"`
	Added      int        `json:"added" doc:"New in the list"`
	Updated    int        `json:"updated" doc:"In the list before, with new values now"`
	Doubles    int        `json:"doubles" doc:"Rows joined with another one about the same contact"`
	Failed     int        `json:"failed" doc:"Rows that were not taken"`
	CreatedAt  time.Time  `json:"created_at"`
	StartedAt  *time.Time `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"`
}

// Preview is the beginning of a file.
type Preview struct {
	Import  Import     `json:"import"`
	Sheets  []string   `json:"sheets" doc:"Names of an XLSX file's sheets"`
	Reading Reading    `json:"reading"`
	Names   []string   `json:"names" doc:"Of the columns, as the file has them"`
	Mapping []Column   `json:"mapping" doc:"What the columns seem to be"`
	Rows    [][]string `json:"rows"`
	More    bool       `json:"more" doc:"There are rows after these"`
}

func showImport(i contact.Import) Import {
	return Import{
		ID: i.ID, FileName: i.FileName, FileSize: i.FileSize, State: i.State, Reason: i.Reason, List: i.ListID, Rows: i.Rows, Permille: i.Permille,
		Created: i.Created, Added: i.Added, Updated: i.Updated, Doubles: i.Doubles, Failed: i.Failed,
		CreatedAt: i.CreatedAt, StartedAt: i.StartedAt, FinishedAt: i.FinishedAt,
	}
}

func showReading(r contact.Reading) Reading {
	return Reading{Format: r.Format, Encoding: r.Encoding, Delimiter: r.Delimiter, Sheet: r.Sheet, Header: r.Header}
}

func (r Reading) reading() contact.Reading {
	return contact.Reading{
		Reading: sheet.Reading{Format: r.Format, Encoding: r.Encoding, Delimiter: r.Delimiter, Sheet: r.Sheet}, Header: r.Header,
	}
}

// uploadImport keeps the part "file" of a form as it arrives.
func (h handler) uploadImport(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	part, err := filePart(r)
	if err != nil {
		return err
	}
	defer part.Close() //nolint:errcheck // only read
	i, err := h.importer.Upload(r.Context(), actor, part.FileName(), part)
	switch {
	case fault.Is(err, fault.TooLarge):
		// The rest is not read: the connection ends with the answer.
		w.Header().Set("Connection", "close")
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errCutOff
	case err != nil:
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(showImport(i))
}

var errCutOff = fault.New(fault.Invalid, "The form is broken or cut off.")

// filePart returns the first part named file.
func filePart(r *http.Request) (*multipart.Part, error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, fault.New(fault.UnsupportedMedia, "Send the file as multipart/form-data.")
	}
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, fault.Field("file", fault.Required, "The form has no part named file.")
		case err != nil:
			return nil, errCutOff
		case part.FormName() == "file":
			return part, nil
		}
	}
}

type contactImportsInput struct {
	httpx.InCompany
	httpx.Page
	List uuid.UUID `query:"list" doc:"Imports into this list; empty: all"`
}

type contactImportsOutput struct {
	Body struct {
		Items      []Import `json:"items"`
		NextCursor *string  `json:"next_cursor"`
	}
}

func (h handler) imports(ctx context.Context, actor access.Actor, in *contactImportsInput) (*contactImportsOutput, error) {
	before, err := idIn(in.Cursor)
	if err != nil {
		return nil, err
	}
	var list *uuid.UUID
	if in.List != uuid.Nil {
		list = &in.List
	}
	found, err := h.importer.Imports(ctx, actor, list, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &contactImportsOutput{}
	out.Body.Items = []Import{}
	for i, one := range found {
		if i == in.Limit {
			cursor := found[i-1].ID.String()
			out.Body.NextCursor = &cursor
			break
		}
		out.Body.Items = append(out.Body.Items, showImport(one))
	}
	return out, nil
}

type importInput struct {
	httpx.InCompany
	Import uuid.UUID `path:"import"`
}

type importOutput struct{ Body Import }

func answerImport(i contact.Import, err error) (*importOutput, error) {
	if err != nil {
		return nil, err
	}
	return &importOutput{showImport(i)}, nil
}

func (h handler) getImport(ctx context.Context, actor access.Actor, in *importInput) (*importOutput, error) {
	return answerImport(h.importer.Import(ctx, actor, in.Import))
}

func (h handler) cancelImport(ctx context.Context, actor access.Actor, in *importInput) (*importOutput, error) {
	return answerImport(h.importer.Cancel(ctx, actor, in.Import))
}

type previewContactImportInput struct {
	httpx.InCompany
	Import    uuid.UUID `path:"import"`
	As        string    `query:"as" enum:"found,asked" default:"found" doc:"How the file is read: as it was found to be, or as the parameters ask"`
	Encoding  string    `query:"encoding" maxLength:"20"`
	Delimiter string    `query:"delimiter" maxLength:"1"`
	Sheet     int       `query:"sheet" minimum:"0" maximum:"200"`
	Header    bool      `query:"header"`
}

type previewContactImportOutput struct{ Body Preview }

func (h handler) previewImport(ctx context.Context, actor access.Actor, in *previewContactImportInput) (*previewContactImportOutput, error) {
	var how *contact.Reading
	if in.As == "asked" {
		asked := Reading{Encoding: in.Encoding, Delimiter: in.Delimiter, Sheet: in.Sheet, Header: in.Header}.reading()
		how = &asked
	}
	p, err := h.importer.Preview(ctx, actor, in.Import, how)
	if err != nil {
		return nil, err
	}
	out := Preview{
		Import: showImport(p.Import), Sheets: orEmpty(p.Sheets), Reading: showReading(p.Reading), Names: orEmpty(p.Names),
		Mapping: []Column{}, Rows: orEmpty(p.Rows), More: p.More,
	}
	for _, c := range p.Mapping {
		out.Mapping = append(out.Mapping, Column(c))
	}
	return &previewContactImportOutput{out}, nil
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

type startContactImportInput struct {
	httpx.InCompany
	Import uuid.UUID `path:"import"`
	Body   struct {
		List     *uuid.UUID `json:"list,omitempty" doc:"Where the contacts go; without it a new list is made"`
		ListName string     `json:"list_name,omitempty" doc:"Of the new list"`
		Reading  Reading    `json:"reading"`
		Mapping  []Column   `json:"mapping" maxItems:"200"`
	}
}

func (h handler) startImport(ctx context.Context, actor access.Actor, in *startContactImportInput) (*importOutput, error) {
	start := contact.Start{ListID: in.Body.List, ListName: in.Body.ListName, Reading: in.Body.Reading.reading()}
	for _, c := range in.Body.Mapping {
		start.Mapping = append(start.Mapping, contact.Column(c))
	}
	return answerImport(h.importer.Start(ctx, actor, in.Import, start))
}

func (h handler) downloadErrors(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	id, err := uuid.Parse(r.PathValue("import"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such import.")
	}
	i, err := h.importer.Import(r.Context(), actor, id)
	if err != nil {
		return err
	}
	speaker := i18n.Accept(r.Header.Get("Accept-Language"))
	if asked := r.URL.Query().Get("language"); asked != "" {
		speaker = i18n.For(asked)
	}
	name := strings.TrimSuffix(strings.TrimSuffix(i.FileName, ".xlsx"), ".csv") + "-errors.csv"
	head := w.Header()
	head.Set("Content-Type", "text/csv; charset=utf-8")
	head.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cache-Control", "no-store")
	say := func(problem string) string { return speaker.Text("import."+problem, nil) }
	return h.importer.WriteErrors(r.Context(), actor, id, say, w)
}
