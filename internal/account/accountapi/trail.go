package accountapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

func (e *Entry) registerTrail(api *httpx.API) {
	httpx.Handle(api, httpx.Op{
		ID: "audit-trail", Method: http.MethodGet, Path: "/api/v1/companies/{company}/audit-trail", Tag: tagCompany,
		Summary: "Who changed what, newest first", Permission: access.AuditView, Errors: []int{http.StatusUnprocessableEntity},
	}, e.trail)
}

// AuditRecord is one change.
type AuditRecord struct {
	ID      uuid.UUID  `json:"id"`
	At      time.Time  `json:"at"`
	User    *AuditUser `json:"user" doc:"null: the program itself"`
	Action  string     `json:"action" example:"user.blocked"`
	Subject string     `json:"subject" example:"user:7"`
	Old     any        `json:"old" doc:"What was, of all that differs"`
	New     any        `json:"new" doc:"What is, of all that differs"`
	IP      string     `json:"ip"`
}

// AuditUser is who made a change.
type AuditUser struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type trailInput struct {
	httpx.InCompany
	httpx.Page
	Action  string    `query:"action" maxLength:"100" doc:"user.blocked, or user for all about users"`
	Subject string    `query:"subject" maxLength:"200"`
	User    int64     `query:"user" minimum:"0" doc:"Who made the change"`
	Q       string    `query:"q" maxLength:"200" doc:"Part of anything in a record"`
	From    time.Time `query:"from"`
	To      time.Time `query:"to" doc:"Not included"`
}

type trailOutput struct {
	Body struct {
		Items      []AuditRecord `json:"items"`
		NextCursor *string       `json:"next_cursor"`
	}
}

func (e *Entry) trail(ctx context.Context, actor access.Actor, in *trailInput) (*trailOutput, error) {
	filter := account.TrailFilter{
		Action: in.Action, Subject: in.Subject, UserID: in.User, Text: in.Q, From: in.From, To: in.To, Limit: in.Limit,
	}
	if in.Cursor != "" {
		var err error
		if filter.Before, err = uuid.Parse(in.Cursor); err != nil {
			return nil, fault.Field("cursor", fault.BadFormat, "Begin again without a cursor.")
		}
	}
	records, more, err := e.accounts.Trail(ctx, actor, filter)
	if err != nil {
		return nil, err
	}
	out := &trailOutput{}
	out.Body.Items = []AuditRecord{}
	for _, r := range records {
		out.Body.Items = append(out.Body.Items, showRecord(r))
	}
	if more {
		next := records[len(records)-1].ID.String()
		out.Body.NextCursor = &next
	}
	return out, nil
}

func showRecord(r account.Record) AuditRecord {
	out := AuditRecord{ID: r.ID, At: r.At, Action: r.Action, Subject: r.Subject, Old: raw(r.Old), New: raw(r.New), IP: r.IP}
	if r.UserID != nil {
		out.User = &AuditUser{*r.UserID, r.UserName}
	}
	return out
}

func raw(data json.RawMessage) any {
	if data == nil {
		return nil
	}
	return data
}
