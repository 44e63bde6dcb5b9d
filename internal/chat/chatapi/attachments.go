package chatapi

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

// formRoom is what a multipart form may add to its file.
const formRoom = 64 << 10

func (h handler) registerAttachments(api *httpx.API) {
	api.HandleRaw(httpx.Op{
		ID: "upload-attachment", Method: http.MethodPost, Path: company + "/attachments", Tag: "Attachments",
		Summary: "Upload a file to send: multipart/form-data with the part file, at most 20 MB", Permission: access.PanelUse,
		Status: http.StatusCreated, Errors: []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity},
	}, h.upload)
	api.HandleRaw(httpx.Op{
		ID: "download-attachment", Method: http.MethodGet, Path: company + "/attachments/{attachment}", Tag: "Attachments",
		Summary: "Download a file", Permission: access.PanelUse,
	}, h.download)
}

func (h handler) upload(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	return AcceptFile(w, r, func(u chat.Upload) (chat.Attachment, error) {
		return h.chats.UploadByOperator(r.Context(), actor, u)
	})
}

func (h handler) download(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	id, err := uuid.Parse(r.PathValue("attachment"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such file.")
	}
	d, err := h.chats.OpenAttachment(r.Context(), actor, id)
	if err != nil {
		return err
	}
	return ServeFile(w, r, d)
}

// AcceptFile hands the part "file" of a form to keep as it arrives, and answers with what was
// kept. It stops reading as soon as more arrives than may be.
func AcceptFile(w http.ResponseWriter, r *http.Request, keep func(u chat.Upload) (chat.Attachment, error)) error {
	if r.ContentLength > chat.MaxAttachment+formRoom {
		// The rest is not read: the connection ends with the answer.
		w.Header().Set("Connection", "close")
		return tooLarge()
	}
	r.Body = http.MaxBytesReader(w, r.Body, chat.MaxAttachment+formRoom)
	part, err := filePart(r)
	if err != nil {
		return err
	}
	defer part.Close() //nolint:errcheck // only read
	a, err := keep(chat.Upload{Name: part.FileName(), From: part})
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return cutOff()
	case err != nil:
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(a)
}

func tooLarge() error {
	return fault.New(fault.TooLarge, "The file is larger than %d MB.", chat.MaxAttachment>>20)
}

func cutOff() error { return fault.New(fault.Invalid, "The form is broken or cut off.") }

// filePart returns the first part named file.
func filePart(r *http.Request) (*multipart.Part, error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, fault.New(fault.UnsupportedMedia, "Send the file as multipart/form-data.")
	}
	for {
		part, err := form.NextPart()
		var large *http.MaxBytesError
		switch {
		case errors.Is(err, io.EOF):
			return nil, fault.Field("file", fault.Required, "The form has no part named file.")
		case errors.As(err, &large):
			return nil, tooLarge()
		case err != nil:
			return nil, cutOff()
		case part.FormName() == "file":
			return part, nil
		}
	}
}

// ServeFile answers with a file in a way that it can do nothing to the page it is shown in or
// to whoever opens it by itself: its type is what we found, never guessed again, it runs in an
// empty sandbox, and what is not a picture, a sound or a film is for download.
func ServeFile(w http.ResponseWriter, r *http.Request, d chat.Download) error {
	defer d.Close() //nolint:errcheck // only read
	disposition := "attachment"
	if d.Shown {
		disposition = "inline"
	}
	head := w.Header()
	head.Set("Content-Type", d.MediaType)
	head.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": d.Name}))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "private, max-age=3600")
	head.Set("ETag", `"`+hex.EncodeToString(d.SHA256)+`"`)
	http.ServeContent(w, r, "", time.Time{}, d)
	return nil
}
