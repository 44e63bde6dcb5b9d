package account

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
)

// Change is what an actor did, for the audit trail.
type Change struct {
	CompanyID int64  // whose trail; 0: the actor's company
	Action    string // past tense behind its subject's kind: "chat.changed"
	Subject   string // kind and id: "chat:0190…"
	Old, New  any    // what differs, as JSON objects; never a secret
}

// RecordTx adds a change to the audit trail. Of two objects only the members
// that differ are kept, and of these again; a change of nothing is not recorded.
func (s *Service) RecordTx(ctx context.Context, tx *db.Tx, actor access.Actor, c Change) error {
	before, after, same, err := differences(c.Old, c.New)
	if err != nil {
		return fmt.Errorf("record %s: %w", c.Action, err)
	}
	if same {
		return nil
	}
	now := s.now()
	row := accountdb.InsertRecordParams{
		CompanyID: c.CompanyID, ID: id.New(now), At: now, Ip: actor.IP, Action: c.Action, Subject: c.Subject, Old: before, New: after,
	}
	if row.CompanyID == 0 {
		row.CompanyID = actor.CompanyID
	}
	if actor.UserID != 0 {
		row.UserID = &actor.UserID
	}
	if err := accountdb.New(tx).InsertRecord(ctx, row); err != nil {
		return fmt.Errorf("record %s: %w", c.Action, err)
	}
	return nil
}

// differences returns both sides as JSON without what is equal; same says that
// nothing is left of two objects.
func differences(before, after any) (was, is json.RawMessage, same bool, err error) {
	if was, err = encode(before); err != nil {
		return nil, nil, false, err
	}
	if is, err = encode(after); err != nil {
		return nil, nil, false, err
	}
	return narrow(was, is)
}

// narrow leaves out the members that two objects share, at any depth; what is
// not two objects stays whole.
func narrow(was, is json.RawMessage) (left, right json.RawMessage, same bool, err error) {
	var before, after map[string]json.RawMessage
	if json.Unmarshal(was, &before) != nil || json.Unmarshal(is, &after) != nil || before == nil || after == nil {
		return was, is, bytes.Equal(was, is) && was != nil, nil
	}
	for name, value := range maps.Clone(before) {
		other, both := after[name]
		if !both {
			continue
		}
		var equal bool
		if before[name], after[name], equal, err = narrow(value, other); err != nil {
			return nil, nil, false, err
		}
		if equal {
			delete(before, name)
			delete(after, name)
		}
	}
	if len(before)+len(after) == 0 {
		return nil, nil, true, nil
	}
	if left, err = json.Marshal(before); err != nil {
		return nil, nil, false, err
	}
	right, err = json.Marshal(after)
	return left, right, false, err
}

func encode(v any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	// The database's JSON holds no NUL, and a trail must not fail over one.
	return bytes.ReplaceAll(data, []byte(`\u0000`), []byte(`\ufffd`)), nil
}

// Record is a line of the audit trail.
type Record struct {
	ID       uuid.UUID
	At       time.Time
	UserID   *int64 // nil: the program itself
	UserName string
	IP       string
	Action   string
	Subject  string
	Old, New json.RawMessage
}

// TrailFilter narrows and pages the audit trail; zero values don't.
type TrailFilter struct {
	Action  string // "chat.changed", or "chat" for all about chats
	Subject string
	UserID  int64
	Text    string // a part of anything
	From    time.Time
	To      time.Time // not included
	Before  uuid.UUID // goes on after this record
	Limit   int
}

// Trail lists the trail of the actor's company, newest first; more says that it
// goes on.
func (s *Service) Trail(ctx context.Context, actor access.Actor, f TrailFilter) (records []Record, more bool, err error) {
	limit := pageSize(f.Limit)
	params := accountdb.ListRecordsParams{
		CompanyID: actor.CompanyID, Action: searched(f.Action), Subject: searched(f.Subject), UserID: f.UserID,
		BeforeID: before(f), MaxRows: int32(limit) + 1,
	}
	if f.From.After(time.Unix(0, 0)) {
		params.FromID = id.First(f.From)
	}
	params.ActionPrefix = db.Likely(params.Action) + ".%"
	if text := searched(f.Text); text != "" {
		params.Pattern = db.Containing(text)
	}
	var rows []accountdb.ListRecordsRow
	err = s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		rows, err = accountdb.New(tx).ListRecords(ctx, params)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("list audit trail: %w", err)
	}
	names, err := s.names(ctx, rows)
	if err != nil {
		return nil, false, err
	}
	for _, row := range rows[:min(limit, len(rows))] {
		r := Record{ID: row.ID, At: row.At, UserID: row.UserID, IP: row.Ip, Action: row.Action, Subject: row.Subject, Old: row.Old, New: row.New}
		if row.UserID != nil {
			r.UserName = names[*row.UserID]
		}
		records = append(records, r)
	}
	return records, len(rows) > limit, nil
}

// before is the id that the page's records are below of.
func before(f TrailFilter) uuid.UUID {
	last := uuid.Max
	if f.To.After(time.Unix(0, 0)) {
		last = id.First(f.To)
	}
	if f.Before != uuid.Nil && bytes.Compare(f.Before[:], last[:]) < 0 {
		last = f.Before
	}
	return last
}

func (s *Service) names(ctx context.Context, rows []accountdb.ListRecordsRow) (map[int64]string, error) {
	var userIDs []int64
	for _, row := range rows {
		if row.UserID != nil {
			userIDs = append(userIDs, *row.UserID)
		}
	}
	names := map[int64]string{}
	if len(userIDs) == 0 {
		return names, nil
	}
	found, err := s.trusted().UserNames(ctx, userIDs)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	for _, user := range found {
		names[user.ID] = user.Name
	}
	return names, nil
}

const (
	defaultPage = 50
	largestPage = 100
	maxSearch   = 200
)

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, largestPage)
}

// searched cleans a text that somebody looks for: what cannot be in the
// database is not sent there.
func searched(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(s), "\x00", ""), "")
	if r := []rune(s); len(r) > maxSearch {
		s = string(r[:maxSearch])
	}
	return s
}
