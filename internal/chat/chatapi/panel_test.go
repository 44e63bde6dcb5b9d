package chatapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/platform/db/dbtest"
)

func TestWorkOnADialog(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	r := f.Room(t, f.First, 2)
	anna, boris := r.Operators[0], r.Operators[1]
	server := f.Serve(t)
	as, other := server.As(t, anna), server.As(t, boris)
	in := func(path string, args ...any) string { return chattest.In(r.Firm.ID, path, args...) }

	a := as.Do(t, "PUT", in("/operator-state"), map[string]any{"state": "online"})
	require.Equal(t, http.StatusOK, a.StatusCode, a.Text)
	_, dialog := r.Dialog(t, "hello")
	require.EqualValues(t, 1, as.Do(t, "GET", in("/operator-state"), nil).JSON(t, "open"))

	key := uuid.New()
	body := map[string]any{"key": key, "kind": "reply", "text": "Good day", "attachments": []string{}}
	a = as.Do(t, "POST", in("/dialogs/%s/messages", dialog), body)
	require.Equal(t, http.StatusCreated, a.StatusCode, a.Text)
	id := a.JSON(t, "id")
	a = as.Do(t, "POST", in("/dialogs/%s/messages", dialog), body)
	require.Equal(t, http.StatusOK, a.StatusCode, "the same key again")
	require.Equal(t, id, a.JSON(t, "id"))

	a = other.Do(t, "POST", in("/dialogs/%s/messages", dialog), map[string]any{"key": uuid.New(), "text": "x"})
	require.Equal(t, http.StatusConflict, a.StatusCode)
	a = other.Do(t, "POST", in("/dialogs/%s/take", dialog), nil)
	require.Equal(t, http.StatusConflict, a.StatusCode)

	require.Equal(t, http.StatusOK, as.Do(t, "POST", in("/dialogs/%s/read", dialog), map[string]any{"seq": 3}).StatusCode)
	require.Equal(t, http.StatusOK, as.Do(t, "POST", in("/dialogs/%s/no-answer-needed", dialog), nil).StatusCode)
	a = as.Do(t, "POST", in("/dialogs/%s/hand-over", dialog), map[string]any{"operator": boris.ID})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode, "Boris is offline")
	require.Equal(t, "out_of_range", a.JSON(t, "fields.operator.code"))

	session := r.Line(t, dialog).Session
	a = as.Do(t, "GET", in("/sessions/%s/assignments", session), nil)
	require.Equal(t, http.StatusOK, a.StatusCode, a.Text)
	require.Contains(t, a.Text, `"chosen":true`)

	a = as.Do(t, "POST", in("/dialogs/%s/close", dialog), map[string]any{"result": ""})
	require.Equal(t, "closed", a.JSON(t, "state"), a.Text)
	require.Equal(t, http.StatusOK, as.Do(t, "POST", in("/dialogs/%s/reopen", dialog), nil).StatusCode)
	require.Equal(t, "closed", as.Do(t, "POST", in("/dialogs/%s/spam", dialog), nil).JSON(t, "state"))
	require.EqualValues(t, 0, as.Do(t, "GET", in("/panel-figures"), nil).JSON(t, "sessions_closed_today"), "spam is not counted")
	require.Contains(t, as.Do(t, "GET", in("/operators"), nil).Text, anna.Name)
}

func TestBadRequestsOfThePanel(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	r := f.Room(t, f.First, 1)
	server := f.Serve(t)
	_, dialog := r.Dialog(t, "hello")
	as := server.As(t, r.Operators[0])
	messages := chattest.In(r.Firm.ID, "/dialogs/%s/messages", dialog)
	for name, c := range map[string]struct {
		body   any
		status int
	}{
		"broken JSON":   {`{"key":`, http.StatusBadRequest},
		"unknown field": {map[string]any{"key": uuid.New(), "text": "x", "price": "0"}, http.StatusUnprocessableEntity},
		"no key":        {map[string]any{"text": "x"}, http.StatusUnprocessableEntity},
		"no text":       {map[string]any{"key": uuid.New()}, http.StatusUnprocessableEntity},
		"other kind":    {map[string]any{"key": uuid.New(), "text": "x", "kind": "system"}, http.StatusUnprocessableEntity},
		"huge":          {`{"text":"` + string(make([]byte, 2<<20)) + `"}`, http.StatusRequestEntityTooLarge},
	} {
		a := as.Do(t, "POST", messages, c.body)
		require.Equal(t, c.status, a.StatusCode, "%s: %s", name, a.Text)
		require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"), name)
	}
	good := map[string]any{"key": uuid.New(), "text": "x"}
	require.Equal(t, http.StatusUnauthorized, server.Anybody().Do(t, "POST", messages, good).StatusCode)
	require.Equal(t, http.StatusNotFound, server.As(t, r.Second.Person(t, access.Owner)).Do(t, "POST", messages, good).StatusCode)
	require.Equal(t, http.StatusForbidden, server.As(t, r.Firm.Person(t, access.Accountant)).Do(t, "POST", messages, good).StatusCode)
	elsewhere := chattest.In(r.Second.ID, "/dialogs/%s/messages", dialog)
	require.Equal(t, http.StatusNotFound, server.As(t, r.Second.Person(t, access.Owner)).Do(t, "POST", elsewhere, good).StatusCode)
	require.Equal(t, "queued", r.Line(t, dialog).State)
}

func TestRefusedAnswerSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	r := f.Room(t, f.First, 1)
	_, dialog := r.Dialog(t, "hello")
	_, err := r.DB.Worker().Exec(context.Background(), "UPDATE wallet SET available = 0, bonus = 0 WHERE company_id = $1", r.Firm.ID)
	require.NoError(t, err)
	path := chattest.In(r.Firm.ID, "/dialogs/%s/messages", dialog)
	owner := f.Serve(t).As(t, r.Firm.Person(t, access.Owner))
	body := map[string]any{"key": uuid.New(), "text": "x"}
	a := owner.Do(t, "POST", path, body)
	require.Equal(t, http.StatusPaymentRequired, a.StatusCode, a.Text)
	require.Equal(t, "insufficient_funds", a.JSON(t, "code"))
	require.Equal(t, "1.00", a.JSON(t, "price.amount"))
	r.Fund(t, r.Firm.ID, "5")
	require.Equal(t, http.StatusCreated, owner.Do(t, "POST", path, body).StatusCode)
	require.Equal(t, string(chat.Open), r.Line(t, dialog).State)
}
