package chatapi_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/ledger/ledgerapi"
	"parley/internal/metering/meteringapi"
)

// Every message that was charged is found again from the line of the account
// that charges it: line, usage, message, and the message's own page of money
// names the same line.
func TestFromALineOfTheAccountToItsMessages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ledgerapi.Register(s.api, s.Ledger)
	meteringapi.Register(s.api, meteringapi.Services{Accounts: s.Service, Ledger: s.Ledger, Metering: s.Metering, Clock: s.Clock})
	anna := s.Operators[0]
	s.Online(t, anna)
	said := map[string]uuid.UUID{} // text to dialog
	for _, text := range []string{"Where is my order?", "A spare brush, please"} {
		_, dialog := s.Dialog(t, text)
		said[text] = dialog
		s.Reply(t, anna, dialog, "About: "+text)
		said["About: "+text] = dialog
	}
	s.Settle(t)

	owner := s.as(t, s.Firm.Person(t, access.Owner))
	found := map[string]uuid.UUID{}
	for _, entry := range items(owner.ask(t, "GET", "entries?kind=charge", "")) {
		for _, usage := range items(owner.ask(t, "GET", "entries/"+entry["id"].(string)+"/usage", "")) {
			path := "messages/" + usage["reference"].(string)
			m := owner.ask(t, "GET", path, "")
			require.Equal(t, http.StatusOK, m.Code, m.Body)
			require.Equal(t, usage["reference"], m.body["id"])
			require.Equal(t, usage["amount"], m.body["price"].(map[string]any)["amount"])
			card := owner.ask(t, "GET", path+"/money", "")
			require.Equal(t, entry["id"], card.body["entry"].(map[string]any)["id"], card.Body)
			text := m.body["text"].(string)
			require.NotContains(t, found, text, "a message is charged by one line")
			found[text] = uuid.MustParse(m.body["dialog_id"].(string))
		}
	}
	require.Equal(t, said, found)
}

func items(r reply) (out []map[string]any) {
	for _, one := range r.body["items"].([]any) {
		out = append(out, one.(map[string]any))
	}
	return out
}

// Who may not open a dialog does not learn that its message is there.
func TestWhoSeesAMessage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	anna, boris := s.Operators[0], s.Firm.Another(t, access.Operator)
	s.Online(t, anna)
	_, dialog := s.Dialog(t, "hello")
	m := s.Reply(t, anna, dialog, "Good day")
	path := "messages/" + m.ID.String()

	hers := s.as(t, anna).ask(t, "GET", path, "")
	require.Equal(t, http.StatusOK, hers.Code, hers.Body)
	require.Equal(t, dialog.String(), hers.body["dialog_id"])
	require.Equal(t, "Good day", hers.body["text"])
	require.NotContains(t, hers.body, "price", "operators see no prices")
	require.Equal(t, http.StatusOK, s.as(t, s.Firm.Person(t, access.Owner)).ask(t, "GET", path, "").Code)

	none := s.as(t, anna).ask(t, "GET", "messages/"+uuid.NewString(), "")
	require.Equal(t, http.StatusNotFound, none.Code)
	his := s.as(t, boris).ask(t, "GET", path, "")
	require.Equal(t, http.StatusNotFound, his.Code)
	require.Equal(t, none.body["detail"], his.body["detail"], "nothing tells that it is there")
	require.Equal(t, http.StatusForbidden, s.as(t, s.Firm.Another(t, access.Accountant)).ask(t, "GET", path, "").Code)
}
