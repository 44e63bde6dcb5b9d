package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/sharing"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// Reason explains a decision by rule: the candidates, what was known of them,
// and why each but the chosen one was not chosen.
type Reason = sharing.Reason

// why is a reason as it is stored.
type why sharing.Reason

func (w why) encode() (json.RawMessage, error) {
	if w.Candidates == nil {
		w.Candidates = []sharing.Candidate{}
	}
	return json.Marshal(w)
}

// Why is one decision about who gets a session.
type Why struct {
	At       time.Time      `json:"at"`
	Operator *Person[int64] `json:"operator" doc:"null: it went into the queue"`
	By       string         `json:"by" enum:"rule,sticky,taken,handed,returned"`
	ByUser   *Person[int64] `json:"by_user"`
	Group    *uuid.UUID     `json:"group_id"`
	Comment  string         `json:"comment"`
	Reason   Reason         `json:"reason"`
}

// Assignments lists the decisions about a session, oldest first.
func (s *Service) Assignments(ctx context.Context, actor access.Actor, sessionID uuid.UUID) ([]Why, error) {
	out := []Why{}
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		session, err := s.q.SessionByID(ctx, tx, chatdb.SessionByIDParams{CompanyID: actor.CompanyID, ID: sessionID})
		if db.NoRows(err) {
			return fault.New(fault.NotFound, "There is no such session.")
		} else if err != nil {
			return fmt.Errorf("read session: %w", err)
		}
		if _, err := s.seenDialogTx(ctx, tx, actor, session.DialogID); err != nil {
			return err
		}
		rows, err := s.q.AssignmentsOfSession(ctx, tx, chatdb.AssignmentsOfSessionParams{CompanyID: actor.CompanyID, SessionID: sessionID})
		if err != nil {
			return fmt.Errorf("read assignments: %w", err)
		}
		var ids []int64
		for _, r := range rows {
			for _, id := range []*int64{r.OperatorID, r.ByUserID} {
				if id != nil && !slices.Contains(ids, *id) {
					ids = append(ids, *id)
				}
			}
		}
		names, err := s.names(ctx, tx, actor.CompanyID, ids...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			one, err := whyOf(r, names)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

func whyOf(r chatdb.Assignment, names map[int64]string) (Why, error) {
	w := Why{At: r.At, By: r.How, Group: r.GroupID, Comment: r.Comment}
	if r.OperatorID != nil {
		w.Operator = &Person[int64]{*r.OperatorID, names[*r.OperatorID]}
	}
	if r.ByUserID != nil {
		w.ByUser = &Person[int64]{*r.ByUserID, names[*r.ByUserID]}
	}
	if err := json.Unmarshal(r.Reason, &w.Reason); err != nil {
		return w, fmt.Errorf("read reason: %w", err)
	}
	return w, nil
}
