package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/account/accounttest"
	"parley/internal/platform/httpx"
)

// meaning says of which thing an id field's value is the id: the key of a
// household's ids. A field that is not here fails the test until it is.
var meaning = map[string]string{
	"operator": "user", "user": "user", "members": "user", "user_id": "user",
	"group": "group", "groups": "group", "chat": "chat", "attachments": "unsent", "reply_to": "message", "ids": "notice",
	"list": "list", "campaign": "campaign", "contacts": "listed", "exclusions": "exclusion",
	"company": "company", "dependent": "dependent", "companies": "dependent", "price_list": "price_list",
}

// plain are numbers and UUIDs in requests that are no ids of ours.
var plain = []string{
	"key", // made by the client, unique in its dialog
	"limit", "before_seq", "after_seq", "seq",
	"max_dialogs", "dialog_limit", "first_target_s", "next_target_s", "lifetime_hours", "operator_idle_minutes",
	"free_quantity", "from_quantity", "minimum_seconds", "free_seconds", "number", "lifetime_s", "speed", "version",
	"sheet",
}

// example is a request that works, made of a household's own ids. Every
// operation with a body and an id anywhere needs one.
type example struct {
	by      access.Role // "" is the owner
	body    func(h *household) map[string]any
	headers []string // name, value, name, value
}

func fixed(body map[string]any) func(*household) map[string]any {
	return func(*household) map[string]any { return body }
}

var examples = map[string][]example{
	"remember-company": {{body: func(h *household) map[string]any { return map[string]any{"company": h.number("company")} }}},
	"change-user":      {{body: fixed(map[string]any{"dialog_limit": 5})}},
	"invite-administrator": {{body: func(*household) map[string]any {
		return map[string]any{"name": "Boris", "email": uuid.NewString() + "@example.com"}
	}}},
	"create-chat": {{body: func(h *household) map[string]any {
		return map[string]any{"name": uuid.NewString(), "groups": []any{h.ids["group"]}}
	}}},
	"change-chat": {{body: func(h *household) map[string]any { return map[string]any{"groups": []any{h.ids["group"]}} }, headers: []string{"If-Match", `"1"`}}},
	"create-group": {{body: func(h *household) map[string]any {
		return map[string]any{"name": uuid.NewString(), "members": []any{h.number("user")}}
	}}},
	"change-group":       {{body: func(h *household) map[string]any { return map[string]any{"members": []any{h.number("user")}} }}},
	"change-quick-reply": {{body: fixed(map[string]any{"title": "Changed"})}},
	"update-contact":     {{by: access.Operator, body: fixed(map[string]any{"note": "Changed"})}},
	"send-message": {{by: access.Operator, body: func(h *household) map[string]any {
		return map[string]any{"key": uuid.NewString(), "text": "Hello", "attachments": []any{h.ids["unsent"]}, "reply_to": h.ids["message"]}
	}}},
	"hand-over-dialog": {
		{by: access.Operator, body: func(h *household) map[string]any { return map[string]any{"operator": h.number("user")} }},
		{by: access.Operator, body: func(h *household) map[string]any { return map[string]any{"group": h.ids["group"]} }},
	},
	"close-dialog": {{by: access.Operator, body: fixed(map[string]any{"comment": "Done"})}},
	"post-dependent-payment": {{body: func(*household) map[string]any {
		return map[string]any{"amount": "1.00", "currency": "RUB", "received_on": "2026-01-15", "document": uuid.NewString()}
	}}},
	"read-notices": {
		{body: func(h *household) map[string]any { return map[string]any{"ids": []any{h.ids["notice"]}} }},
		{body: fixed(map[string]any{"all": true})},
	},
	"send-text":       {{body: fixed(map[string]any{"channel": "sms", "to": "+79123456780", "text": "x"})}},
	"send-texts":      {{body: fixed(map[string]any{"messages": []any{map[string]any{"channel": "sms", "to": "+79123456781", "text": "x"}}})}},
	"create-campaign": {{body: campaignOf}},
	"change-campaign": {{body: func(h *household) map[string]any {
		b := campaignOf(h)
		b["version"] = 1
		return b
	}}},
	"order-campaign":                     {{body: fixed(map[string]any{"order": "start"})}},
	"reseller-add-price-version":         {{body: fixed(map[string]any{"below_cost": true, "items": []any{map[string]any{"item": "chat.bot_message", "unit_price": "1.00"}}})}},
	"reseller-preview-prices":            {{body: fixed(map[string]any{"table": "item,unit_price\nchat.bot_message,1.00\n"})}},
	"reseller-set-own-prices-of-company": {{body: fixed(map[string]any{"below_cost": true, "items": []any{map[string]any{"item": "chat.bot_message", "unit_price": "1.00"}}})}},
	"reseller-assign-price-list-to-many": {{body: func(h *household) map[string]any {
		return map[string]any{"companies": []any{h.number("dependent")}, "valid_from": time.Now().AddDate(1, 0, 0)}
	}}},
	"reseller-assign-price-list": {{body: func(h *household) map[string]any { return map[string]any{"price_list": h.ids["price_list"]} }}},
	"read-dialog":                {{by: access.Operator, body: fixed(map[string]any{"seq": 1})}},
	"rename-contact-list":        {{body: func(*household) map[string]any { return map[string]any{"name": uuid.NewString()} }}},
	"start-contact-import": {{body: func(h *household) map[string]any {
		return map[string]any{
			"list": h.ids["list"], "mapping": []any{map[string]any{"to": "phone", "name": ""}},
			"reading": map[string]any{"format": "csv", "encoding": "utf-8", "delimiter": ",", "sheet": 0, "header": true},
		}
	}}},
	"remove-contact-list-entries": {{body: func(h *household) map[string]any { return map[string]any{"contacts": []any{h.ids["listed"]}} }}},
	"remove-exclusions":           {{body: func(h *household) map[string]any { return map[string]any{"exclusions": []any{h.ids["exclusion"]}} }}},
}

// campaignOf is a campaign to a household's contact list.
func campaignOf(h *household) map[string]any {
	return map[string]any{
		"name": "Campaign", "purpose": "service", "list": h.ids["list"],
		"steps": []any{map[string]any{"channel": "sms", "sender": "", "subject": "", "text": "Hello", "html": ""}},
	}
}

func (h *household) number(name string) json.Number { return json.Number(h.ids[name]) }

// last are operations after which others would find nothing.
var last = []string{"hand-over-dialog", "close-dialog", "mark-spam", "reopen-dialog", "cancel-invoice", "cancel-dependent-invoice", "archive-chat", "archive-group", "delete-quick-reply",
	"start-contact-import", "cancel-contact-import", "remove-contact-list-entries", "delete-contact-list", "remove-paper-image"}

// tenantRoutes are the routes within a company, those that end something last.
func (w *world) tenantRoutes() []httpx.Route {
	var routes []httpx.Route
	for _, r := range w.API.Routes() {
		if strings.Contains(r.Path, "/companies/{company}") && !strings.Contains(r.Path, "/back-office/") {
			routes = append(routes, r)
		}
	}
	slices.SortStableFunc(routes, func(a, b httpx.Route) int { return slices.Index(last, a.ID) - slices.Index(last, b.ID) })
	return routes
}

// pair returns for a route whose ids are one's own and whose are a stranger's.
// A reseller's pages are tried with a company that is not theirs.
func (w *world) pair(r httpx.Route) (own, strange *household) {
	if r.Permission != access.ResellerDependents {
		return w.ours, w.theirs
	}
	reseller := &household{Firm: w.people.Reseller, ids: map[string]string{"company": fmt.Sprint(w.people.Reseller.ID)}}
	other := &household{Firm: w.people.Direct, ids: map[string]string{"company": fmt.Sprint(w.people.Direct.ID)}}
	for mine, from := range map[*household]*household{reseller: w.theirs, other: w.ours} {
		mine.key = from.key
		for name, id := range from.ids {
			if name != "company" {
				mine.ids[name] = id
			}
		}
		mine.ids["dependent"] = from.ids["company"]
	}
	return reseller, other
}

func (e example) person(t *testing.T, h *household) *accounttest.Person {
	t.Helper()
	role := e.by
	if role == "" {
		role = access.Owner
	}
	p := h.Person(t, role)
	return &p
}

func (e example) json(t *testing.T, h *household) string {
	t.Helper()
	if e.body == nil {
		return ""
	}
	data, err := json.Marshal(e.body(h))
	require.NoError(t, err)
	return string(data)
}

// Nothing of another company can be reached by its ids, in the path, in the
// query or in the body; and after all attempts it is as it was.
func TestStrangersIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc := readDocument(t, w)
	before := w.contents(t, w.theirs)
	for _, r := range w.tenantRoutes() {
		own, strange := w.pair(r)
		examples := examplesOf(t, doc, r)
		for _, e := range examples {
			w.tryTheirCompany(t, r, e, own, strange)
			w.tryTheirPath(t, r, e, own, strange)
			w.tryTheirQuery(t, doc, r, e, own, strange)
		}
		w.tryTheirBody(t, doc, r, examples, own, strange)
	}
	after := w.contents(t, w.theirs)
	for table, was := range before {
		require.Equal(t, was, after[table], "rows of another company in %s were changed", table)
	}
	// What was refused above was refused for the strange id and nothing else:
	// with one's own ids the same requests work.
	for _, r := range w.tenantRoutes() {
		own, _ := w.pair(r)
		for _, e := range examplesOf(t, doc, r) {
			w.tryOwn(t, r, e, own)
		}
	}
}

func examplesOf(t *testing.T, doc document, r httpx.Route) []example {
	t.Helper()
	found, ok := examples[r.ID]
	ids := slices.ContainsFunc(doc.body(r.ID), func(f field) bool { return idOf(t, r, f) != "" }) ||
		len(parameter.FindAllString(r.Path, -1)) > 1 && doc.takesBody(r.ID)
	require.True(t, ok || !ids, "%s %s takes ids and a body: give the test an example of %s", r.Method, r.Path, r.ID)
	if !ok {
		return []example{{}}
	}
	return found
}

// idOf returns the thing that a field names, "" when it names none.
func idOf(t *testing.T, r httpx.Route, f field) string {
	t.Helper()
	if f.format != "uuid" && f.kind != "integer" || slices.Contains(plain, f.name()) {
		return ""
	}
	thing := meaning[f.name()]
	require.NotEmpty(t, thing, "%s %s: is %s an id, and of what? Tell this test", r.Method, r.Path, f.path)
	return thing
}

// refused says that a request ended without effect and without telling.
func (w *world) refused(t *testing.T, got answer, strange *household, what string) {
	t.Helper()
	require.Contains(t, []int{403, 404, 409, 422}, got.Code, "%s: %s", what, got.Body)
	w.tellsNothing(t, got, strange, what)
}

// tellsNothing looks for anything of the other company in an answer.
func (w *world) tellsNothing(t *testing.T, got answer, strange *household, what string) {
	t.Helper()
	require.Less(t, got.Code, 500, "%s: %s", what, got.Body)
	for _, word := range []string{strange.Name, strings.ToLower(strings.Fields(strange.Name)[0]) + ".example", strange.key} {
		require.NotContains(t, got.Body.String(), word, what)
	}
}

func (w *world) tryTheirCompany(t *testing.T, r httpx.Route, e example, own, strange *household) {
	t.Helper()
	for _, role := range access.Roles {
		person := own.Person(t, role)
		path := fillPath(r.Path, strange.ids)
		got := w.ask(t, &person, r.Method, path, e.json(t, strange), e.headers...)
		what := fmt.Sprintf("%s %s by a stranger", r.Method, path)
		require.Equal(t, 404, got.Code, "%s: %s", what, got.Body)
		require.Equal(t, "not_found", got.code(), what)
		w.tellsNothing(t, got, strange, what)
	}
}

func (w *world) tryTheirPath(t *testing.T, r httpx.Route, e example, own, strange *household) {
	t.Helper()
	for _, m := range parameter.FindAllStringSubmatch(r.Path, -1) {
		name := m[1]
		if name == "company" {
			continue
		}
		require.NotEmpty(t, strange.ids[name], "%s %s: give the households an id of {%s}", r.Method, r.Path, name)
		ids := map[string]string{}
		for k, v := range own.ids {
			ids[k] = v
		}
		ids[name] = strange.ids[name]
		path := fillPath(r.Path, ids)
		got := w.ask(t, e.person(t, own), r.Method, path, e.json(t, own), e.headers...)
		what := fmt.Sprintf("%s %s with a strange {%s}", r.Method, path, name)
		require.Contains(t, []int{403, 404}, got.Code, "%s: %s", what, got.Body)
		w.tellsNothing(t, got, strange, what)
	}
}

// A filter by a strange id finds nothing.
func (w *world) tryTheirQuery(t *testing.T, doc document, r httpx.Route, e example, own, strange *household) {
	t.Helper()
	for _, f := range doc.query(r.ID) {
		thing := idOf(t, r, f)
		if thing == "" {
			continue
		}
		require.NotEmpty(t, strange.ids[thing], "give the households an id of a %s", thing)
		path := fillPath(r.Path, own.ids) + "?" + url.Values{f.path: {strange.ids[thing]}}.Encode()
		got := w.ask(t, e.person(t, own), r.Method, path, e.json(t, own), e.headers...)
		w.tellsNothing(t, got, strange, r.Method+" "+path)
		if items, ok := got.body["items"].([]any); ok {
			require.Empty(t, items, path)
		}
	}
}

func (w *world) tryTheirBody(t *testing.T, doc document, r httpx.Route, examples []example, own, strange *household) {
	t.Helper()
	for _, f := range doc.body(r.ID) {
		thing := idOf(t, r, f)
		if thing == "" {
			continue
		}
		tried := false
		for _, e := range examples {
			body := e.body(own)
			if !put(body, strings.Split(f.path, "."), strange.value(thing)) {
				continue
			}
			tried = true
			data, err := json.Marshal(body)
			require.NoError(t, err)
			got := w.ask(t, e.person(t, own), r.Method, fillPath(r.Path, own.ids), string(data), e.headers...)
			w.refused(t, got, strange, fmt.Sprintf("%s %s with %s", r.Method, r.Path, data))
		}
		require.True(t, tried, "no example of %s has %s", r.ID, f.path)
	}
}

func (h *household) value(thing string) any {
	if numeric[thing] {
		return h.number(thing)
	}
	return h.ids[thing]
}

// put replaces a value that is there: the first of a list, or a member.
func put(body map[string]any, path []string, value any) bool {
	name, list := strings.CutSuffix(path[0], "[]")
	there, ok := body[name]
	if !ok {
		return false
	}
	if len(path) > 1 {
		if list {
			there = there.([]any)[0]
		}
		return put(there.(map[string]any), path[1:], value)
	}
	if list {
		value = append([]any{value}, there.([]any)[1:]...)
	}
	body[name] = value
	return true
}

func (w *world) tryOwn(t *testing.T, r httpx.Route, e example, own *household) {
	t.Helper()
	path := fillPath(r.Path, own.ids)
	if len(parameter.FindAllString(r.Path, -1)) < 2 && e.body == nil {
		return
	}
	got := w.ask(t, e.person(t, own), r.Method, path, e.json(t, own), e.headers...)
	// A conflict is an answer about the thing itself, so it was found.
	if got.Code != http.StatusConflict {
		require.Contains(t, []int{200, 201, 204}, got.Code, "%s %s %s: %s", r.Method, path, e.json(t, own), got.Body)
	}
}

// contents hashes a company's rows in every tenant's table.
func (w *world) contents(t *testing.T, h *household) map[string]string {
	t.Helper()
	rows, err := w.DB.Worker().Query(t.Context(), `SELECT c.relname || ' ' || replace(replace(pg_get_expr(p.polqual, p.polrelid), ' = current_company())', ''), '(', '')
		FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
		WHERE p.polname = 'of_company' AND pg_get_expr(p.polqual, p.polrelid) LIKE '% = current_company())' AND NOT c.relispartition`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(tables), 10)
	out := map[string]string{}
	for _, one := range tables {
		table, column, _ := strings.Cut(one, " ")
		var hash string
		query := fmt.Sprintf("SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(x::text, '|' ORDER BY x::text)), '') FROM %s x WHERE %s = $1", table, column)
		require.NoError(t, w.DB.Worker().QueryRow(t.Context(), query, h.ID).Scan(&hash), query)
		out[table] = hash
	}
	return out
}
