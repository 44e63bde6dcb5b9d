package billingapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/billing"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

const images = "/api/v1/companies/{company}/paper-images"

func (h handler) registerImages(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "list-paper-images", Method: http.MethodGet, Path: images, Tag: tag,
		Summary: "The stamp and the signature that the company's own invoices bear", Permission: access.CompanyDetails,
	}, h.images)
	for _, kind := range []billing.ImageKind{billing.Stamp, billing.Signature} {
		api.HandleRaw(httpx.Op{
			ID: "upload-paper-" + string(kind), Method: http.MethodPost, Path: images + "/" + string(kind), Tag: tag,
			Summary:    "Put a " + string(kind) + " on invoices to come: multipart/form-data with the part file, PNG or JPEG, at most 2 MB",
			Permission: access.CompanyDetails, Status: http.StatusCreated,
			Errors: []int{http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity},
		}, h.uploadImage(kind))
	}
	api.HandleRaw(httpx.Op{
		ID: "download-paper-image", Method: http.MethodGet, Path: images + "/{image}", Tag: tag, Summary: "The picture as a PNG", Permission: access.CompanyDetails,
	}, h.image)
	httpx.Handle(api, httpx.Op{
		ID: "remove-paper-image", Method: http.MethodDelete, Path: images + "/{image}", Tag: tag,
		Summary: "Take a picture off invoices to come; those that were issued keep it", Permission: access.CompanyDetails,
	}, h.removeImage)
}

// PaperImage is a picture that the company's own invoices bear.
type PaperImage struct {
	ID        uuid.UUID `json:"id"`
	Kind      string    `json:"kind" enum:"stamp,signature"`
	Width     int       `json:"width" doc:"Pixels"`
	Height    int       `json:"height" doc:"Pixels"`
	CreatedAt time.Time `json:"created_at"`
}

func showImage(i billing.PaperImage) PaperImage {
	return PaperImage{ID: i.ID, Kind: string(i.Kind), Width: i.Width, Height: i.Height, CreatedAt: i.CreatedAt}
}

type imagesInput struct{ httpx.InCompany }

type imagesOutput struct {
	Body struct {
		Items []PaperImage `json:"items" doc:"At most one of each kind"`
	}
}

func (h handler) images(ctx context.Context, actor access.Actor, _ *imagesInput) (*imagesOutput, error) {
	found, err := h.billing.PaperImages(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &imagesOutput{}
	out.Body.Items = []PaperImage{}
	for _, i := range found {
		out.Body.Items = append(out.Body.Items, showImage(i))
	}
	return out, nil
}

func (h handler) uploadImage(kind billing.ImageKind) func(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
		part, err := filePart(r)
		if err != nil {
			return err
		}
		defer part.Close() //nolint:errcheck // only read
		i, err := h.billing.SetPaperImage(r.Context(), actor, kind, part)
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
		return json.NewEncoder(w).Encode(showImage(i))
	}
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

func (h handler) image(w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	id, err := uuid.Parse(r.PathValue("image"))
	if err != nil {
		return fault.New(fault.NotFound, "There is no such picture.")
	}
	f, err := h.billing.OpenPaperImage(r.Context(), actor, id)
	if err != nil {
		return err
	}
	return serve(w, r, f, "image/png")
}

type imageInput struct {
	httpx.InCompany
	Image uuid.UUID `path:"image"`
}

func (h handler) removeImage(ctx context.Context, actor access.Actor, in *imageInput) (*struct{}, error) {
	return nil, h.billing.RemovePaperImage(ctx, actor, in.Image)
}
