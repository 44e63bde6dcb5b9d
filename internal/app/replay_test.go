package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
)

// Each POST that makes or spends, ten times at once with one key, has one
// effect and one answer; the key is good for no other request.
func TestParallelReplaysHaveOneEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, operator, platform := w.ours.Person(t, access.Owner), w.ours.Person(t, access.Operator), w.people.Platform.Person(t, access.Owner)
	for name, c := range map[string]struct {
		by     accounttest.Person
		path   string
		body   map[string]any
		effect string // a count that is one more afterwards
	}{
		"create-chat":          {owner, "/api/v1/companies/{company}/chats", map[string]any{"name": "Once"}, "SELECT count(*) FROM chat WHERE name = 'Once'"},
		"create-group":         {owner, "/api/v1/companies/{company}/groups", map[string]any{"name": "Once"}, "SELECT count(*) FROM operator_group WHERE name = 'Once'"},
		"create-quick-reply":   {owner, "/api/v1/companies/{company}/quick-replies", map[string]any{"title": "Once", "text": "Once", "personal": true}, "SELECT count(*) FROM quick_reply WHERE title = 'Once'"},
		"send-message":         {operator, "/api/v1/companies/{company}/dialogs/{dialog}/messages", map[string]any{"key": uuid.NewString(), "text": "Once"}, "SELECT count(*) FROM message_body WHERE text = 'Once'"},
		"post-deposit":         {platform, "/api/v1/back-office/companies/{company}/deposits", map[string]any{"amount": "7.00", "reason": "Once"}, "SELECT count(DISTINCT batch_id) FROM entry WHERE reason = 'Once'"},
		"create-invoice":       {owner, "/api/v1/companies/{company}/invoices", map[string]any{"amount": "123.00"}, "SELECT count(*) FROM invoice WHERE total = 123000000"},
		"post-invoice-payment": {platform, "/api/v1/back-office/invoices/{company}/{invoice}/payments", map[string]any{"amount": "3.00", "currency": "RUB", "received_on": "2026-01-15", "document": "Once"}, "SELECT count(*) FROM payment WHERE document = 'Once'"},
		"create-price-list":    {platform, "/api/v1/back-office/price-lists", map[string]any{"name": "Once"}, "SELECT count(*) FROM price_list WHERE name = 'Once'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, key := fillPath(c.path, w.ours.ids), uuid.NewString()
			body, err := json.Marshal(c.body)
			require.NoError(t, err)
			var wait sync.WaitGroup
			answers := make([]answer, 10)
			start := make(chan struct{})
			for i := range answers {
				wait.Go(func() {
					<-start
					answers[i] = w.ask(t, &c.by, "POST", path, string(body), "Idempotency-Key", key)
				})
			}
			close(start)
			wait.Wait()
			replayed := 0
			for _, a := range answers {
				require.Contains(t, []int{http.StatusOK, http.StatusCreated}, a.Code, a.Body.String())
				require.Equal(t, answers[0].Body.String(), a.Body.String())
				if a.Header().Get("Idempotent-Replayed") == "true" {
					replayed++
				}
			}
			require.Equal(t, 9, replayed)
			var effects int
			require.NoError(t, w.DB.Worker().QueryRow(t.Context(), c.effect).Scan(&effects))
			require.Equal(t, 1, effects, c.effect)

			c.body["another"] = fmt.Sprint(effects)
			other, err := json.Marshal(c.body)
			require.NoError(t, err)
			a := w.ask(t, &c.by, "POST", path, string(other), "Idempotency-Key", key)
			require.Equal(t, http.StatusUnprocessableEntity, a.Code)
			require.Equal(t, "idempotency_key_reused", a.code())
		})
	}
}
