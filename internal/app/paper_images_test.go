package app_test

import (
	"bytes"
	"fmt"
	"image/png"
	"mime/multipart"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/money"
)

// A seller's picture goes in as a form, comes out as a PNG, and is on the next
// paper; one who sells nothing is told so.
func TestPaperImagesOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reseller, buyer := w.people.Reseller.Person(t, access.Owner), w.people.First.Person(t, access.Owner)
	form := func(name string, file []byte) (body, contentType string) {
		var b bytes.Buffer
		f := multipart.NewWriter(&b)
		part, err := f.CreateFormFile(name, "stamp.png")
		require.NoError(t, err)
		_, err = part.Write(file)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		return b.String(), f.FormDataContentType()
	}
	images := fmt.Sprintf("/api/v1/companies/%d/paper-images", w.people.Reseller.ID)
	body, contentType := form("file", picture(t))
	put := w.ask(t, &reseller, "POST", images+"/stamp", body, "Content-Type", contentType)
	require.Equal(t, 201, put.Code, put.Body)
	require.Equal(t, "stamp", put.body["kind"])

	got := w.ask(t, &reseller, "GET", fmt.Sprintf("%s/%s", images, put.body["id"]), "")
	require.Equal(t, 200, got.Code)
	require.Equal(t, "image/png", got.Header().Get("Content-Type"))
	require.Equal(t, "nosniff", got.Header().Get("X-Content-Type-Options"))
	_, err := png.Decode(bytes.NewReader(got.Body.Bytes()))
	require.NoError(t, err)

	i, err := w.Billing.TopUp(t.Context(), w.people.First.Actor(t, access.Owner), 500*money.Unit)
	require.NoError(t, err)
	paper := w.ask(t, &buyer, "GET", fmt.Sprintf("/api/v1/companies/%d/invoices/%s/pdf", w.people.First.ID, i.ID), "")
	require.Equal(t, 200, paper.Code)
	require.Contains(t, paper.Body.String(), "/Subtype /Image")
	shown := w.ask(t, &buyer, "GET", fmt.Sprintf("/api/v1/companies/%d/invoices/%s", w.people.First.ID, i.ID), "")
	require.NotContains(t, shown.Body.String(), put.body["id"], "a buyer learns no ids of its seller")

	removed := w.ask(t, &reseller, "DELETE", fmt.Sprintf("%s/%s", images, put.body["id"]), "")
	require.Equal(t, 204, removed.Code, removed.Body)
	require.Equal(t, []any{}, w.ask(t, &reseller, "GET", images, "").body["items"])

	for name, c := range map[string]struct {
		part string
		file []byte
		code int
	}{
		"no part named file": {"picture", picture(t), 422}, "no picture": {"file", []byte("hello"), 415}, "too much": {"file", make([]byte, 3<<20), 413},
	} {
		body, contentType := form(c.part, c.file)
		refused := w.ask(t, &reseller, "POST", images+"/signature", body, "Content-Type", contentType)
		require.Equal(t, c.code, refused.Code, "%s: %s", name, refused.Body)
	}
	require.Equal(t, 415, w.ask(t, &reseller, "POST", images+"/signature", "{}").Code)
	of := w.ask(t, &buyer, "POST", fmt.Sprintf("/api/v1/companies/%d/paper-images/stamp", w.people.First.ID), body, "Content-Type", contentType)
	require.Equal(t, 409, of.Code, of.Body)
}
