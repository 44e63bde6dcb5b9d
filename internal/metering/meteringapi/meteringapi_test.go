package meteringapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/ledger/ledgerapi"
	"parley/internal/metering/meteringapi"
	"parley/internal/metering/meteringtest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
	"parley/internal/platform/idempotency"
	"parley/internal/pricing"
	"parley/internal/pricing/pricingapi"
)

// site is the API of money as browsers meet it.
type site struct {
	*meteringtest.Fixture
	http.Handler
	routes []httpx.Route
}

// who lets the actor of a request's context in.
type who struct{ f *meteringtest.Fixture }

type actorKey struct{}

func (who) Authenticate(r *http.Request) (access.Actor, error) {
	actor, ok := r.Context().Value(actorKey{}).(access.Actor)
	if !ok {
		return actor, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	return actor, nil
}

func (who) InCompany(_ context.Context, user access.Actor, companyID int64) (access.Actor, error) {
	if user.CompanyID != companyID {
		return user, fault.New(fault.NotFound, "There is no such company.")
	}
	return user, nil
}

func (w who) InPlatform(_ context.Context, user access.Actor) (access.Actor, error) {
	if user.CompanyID != w.f.Platform.ID {
		return user, fault.New(fault.NotFound, "There is no such page.")
	}
	return user, nil
}

func newSite(t *testing.T) *site {
	t.Helper()
	f := meteringtest.New(t, dbtest.New(t))
	api := httpx.New(who{f}, idempotency.New(f.DB, clock.Real{}, idempotency.Options{}))
	ledgerapi.Register(api, f.Ledger)
	pricingapi.Register(api, f.Prices)
	meteringapi.Register(api, meteringapi.Services{Accounts: f.Service, Ledger: f.Ledger, Metering: f.Metering, Clock: f.Clock})
	return &site{f, httpx.Chain(api.Mux(), httpx.Identify, httpx.Harden, httpx.Remember), api.Routes()}
}

func (s *site) ask(by access.Actor, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body)).WithContext(context.WithValue(context.Background(), actorKey{}, by))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) (out T) {
	t.Helper()
	require.Less(t, w.Code, 300, w.Body)
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &out))
	return out
}

type list struct {
	Items []map[string]any `json:"items"`
	Next  *string          `json:"next_cursor"`
}

// No answer to people of a dependent company names the wholesale price or an
// amount of it, whoever they are and whatever they ask.
func TestWholesaleIsHidden(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.FundAll(t)
	c := s.Charge(s.First.ID)
	_, err := s.Capture(context.Background(), c)
	require.NoError(t, err)
	text := s.Charge(s.First.ID) // wholesale 4.10, an amount that no retail price has
	text.Item, text.Destination = pricing.SMSDelivered, pricing.Destination{Country: "RU", Network: "25001"}
	_, err = s.Capture(context.Background(), text)
	require.NoError(t, err)
	s.Settle(t)
	entries := decode[list](t, s.ask(s.First.Actor(t, access.Owner), "GET", fmt.Sprintf("/companies/%d/entries", s.First.ID), ""))
	ids := strings.NewReplacer(
		"{company}", fmt.Sprint(s.First.ID), "{message}", c.Reference.String(), "{entry}", entries.Items[0]["id"].(string),
		"{dependent}", fmt.Sprint(s.First.ID), "{number}", "1", "{price_list}", s.Lists.ResellerRetail.String(),
	)
	wholesale := []string{"wholesale", `"0.60"`, `"4.10"`, `"cost"`}
	answered := 0
	for _, role := range access.Roles {
		for _, route := range s.routes {
			if route.Method != http.MethodGet {
				continue
			}
			path := ids.Replace(strings.TrimPrefix(route.Path, "/api/v1"))
			answers := []*httptest.ResponseRecorder{
				s.ask(s.First.Actor(t, role), "GET", path, ""),
				s.ask(s.First.Actor(t, role), "GET", strings.ReplaceAll(path, c.Reference.String(), text.Reference.String()), ""),
			}
			w := answers[0]
			for _, answer := range answers {
				for _, secret := range wholesale {
					require.NotContains(t, answer.Body.String(), secret, route.ID)
				}
			}
			if w.Code == http.StatusOK {
				answered++
				require.NotEqual(t, access.Operator, role, "%s answers an operator", route.ID)
			}
		}
	}
	require.GreaterOrEqual(t, answered, 3*5)
	w := s.ask(s.Reseller.Actor(t, access.Owner), "GET", fmt.Sprintf("/companies/%d/dependents/%d/messages/%s/money", s.Reseller.ID, s.First.ID, c.Reference), "")
	require.Contains(t, w.Body.String(), `"wholesale"`)
	require.Contains(t, w.Body.String(), `"0.60"`)

	// Who asks why is told the row that counted, of the own level only.
	why := s.ask(s.First.Actor(t, access.Owner), "GET", fmt.Sprintf("/companies/%d/messages/%s/money", s.First.ID, text.Reference), "").Body.String()
	require.Contains(t, why, `"row":{"country":"RU","network":"25001","category":"","from_quantity":0,"free_quantity":0,"unit_price":"5.30"}`)
	own := s.ask(s.First.Actor(t, access.Accountant), "GET", fmt.Sprintf("/companies/%d/prices", s.First.ID), "").Body.String()
	require.Contains(t, own, `"5.30"`)
	lists := fmt.Sprintf("/companies/%d/price-lists/%s/versions/1", s.Reseller.ID, s.Lists.ResellerRetail)
	require.Contains(t, s.ask(s.Reseller.Actor(t, access.Owner), "GET", lists, "").Body.String(), `"cost":"4.10"`)
	require.Equal(t, http.StatusForbidden, s.ask(s.Reseller.Actor(t, access.Operator), "GET", lists, "").Code)
	require.Contains(t, s.ask(s.Reseller.Actor(t, access.Owner), "GET", lists+"/csv", "").Body.String(), "sms.delivered_part,RU,25001,,0,0,5.30,0,0\n")
}

// From a deposit to the message it paid for, and back.
func TestDrillBothWays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	platform, owner := s.Platform.Actor(t, access.Owner), s.Direct.Actor(t, access.Owner)
	deposit := fmt.Sprintf("/back-office/companies/%d/deposits", s.Direct.ID)
	key := []string{"Idempotency-Key", uuid.NewString()}
	first := s.ask(platform, "POST", deposit, `{"amount":"25.5","reason":"Order 7"}`, key...)
	require.Equal(t, http.StatusCreated, first.Code, first.Body)
	again := s.ask(platform, "POST", deposit, `{"amount":"25.5","reason":"Order 7"}`, key...)
	require.JSONEq(t, first.Body.String(), again.Body.String())
	require.Equal(t, http.StatusUnprocessableEntity, s.ask(platform, "POST", deposit, `{"amount":"99","reason":"Order 7"}`, key...).Code)

	c := s.Charge(s.Direct.ID)
	_, err := s.Capture(context.Background(), c)
	require.NoError(t, err)
	s.Settle(t)
	own := fmt.Sprintf("/companies/%d", s.Direct.ID)
	balance := decode[map[string]any](t, s.ask(owner, "GET", own+"/balance", ""))
	require.Equal(t, "24.50", balance["balance"])
	require.Equal(t, map[string]any{"name": "Parley"}, balance["seller"])

	card := decode[map[string]any](t, s.ask(owner, "GET", own+"/messages/"+c.Reference.String()+"/money", ""))
	entry := card["entry"].(map[string]any)
	require.Equal(t, "captured", card["phase"])
	behind := decode[list](t, s.ask(owner, "GET", own+"/entries/"+entry["id"].(string)+"/usage", ""))
	require.Equal(t, c.Reference.String(), behind.Items[0]["reference"])

	page := decode[list](t, s.ask(owner, "GET", own+"/entries?limit=1", ""))
	require.Equal(t, "24.50", page.Items[0]["balance_after"])
	page = decode[list](t, s.ask(owner, "GET", own+"/entries?limit=1&cursor="+*page.Next, ""))
	require.Equal(t, "25.50", page.Items[0]["amount"])
	require.Nil(t, page.Next)
	require.Empty(t, decode[list](t, s.ask(owner, "GET", own+"/entries?kind=refund", "")).Items)

	companies := decode[list](t, s.ask(platform, "GET", "/back-office/companies?q=Red", ""))
	require.Equal(t, "24.50", companies.Items[0]["balance"])
	require.Equal(t, "1.00", companies.Items[0]["spent_this_month"])
}
