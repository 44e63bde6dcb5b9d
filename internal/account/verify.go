package account

import (
	"bytes"
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
)

// TrailState is what verifying found of one company's trail. Who writes Head
// down outside of the database can tell later that the trail up to Sealed is
// the same; a trail cut off at its end shows in no other way.
type TrailState struct {
	CompanyID int64
	Sealed    int64  // seals in the chain
	Pending   int    // records that wait for the sealer
	Head      []byte // hash of the whole chain; nil without seals
	Problems  []TrailProblem
}

// TrailProblem is a sign of tampering or loss.
type TrailProblem struct {
	Number   int64 // of the seal; 0: about an unsealed record
	RecordID uuid.UUID
	What     string
}

// VerifyTrails recomputes the chains of all companies.
func (s *Service) VerifyTrails(ctx context.Context) ([]TrailState, error) {
	var states []TrailState
	err := s.db.ViewAll(ctx, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		companyIDs, err := q.AuditedCompanies(ctx)
		if err != nil {
			return fmt.Errorf("find trails: %w", err)
		}
		for _, companyID := range companyIDs {
			state := TrailState{CompanyID: companyID}
			if err := state.verify(ctx, q); err != nil {
				return fmt.Errorf("verify trail of company %d: %w", companyID, err)
			}
			states = append(states, state)
		}
		return nil
	})
	return states, err
}

func (t *TrailState) verify(ctx context.Context, q *accountdb.Queries) error {
	for {
		rows, err := q.Seals(ctx, accountdb.SealsParams{CompanyID: t.CompanyID, AfterNumber: t.Sealed, MaxRows: sealBatch})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := t.check(row); err != nil {
				return err
			}
		}
		if len(rows) < sealBatch {
			break
		}
	}
	unsealed, err := q.UnsealedRecords(ctx, t.CompanyID)
	if err != nil {
		return err
	}
	for _, r := range unsealed {
		if r.Pending {
			t.Pending++
			continue
		}
		t.Problems = append(t.Problems, TrailProblem{RecordID: r.ID, What: "the record's seal is gone"})
	}
	return nil
}

func (t *TrailState) check(row accountdb.SealsRow) error {
	problem := func(what string) {
		t.Problems = append(t.Problems, TrailProblem{Number: row.Number, RecordID: row.RecordID, What: what})
	}
	if row.Number != t.Sealed+1 {
		problem("seals before this one are gone")
	}
	if !bytes.Equal(row.Chain, chainHash(t.Head, row.Content)) {
		problem("the chain is broken")
	}
	// From here on as the database says, so that one break is told once.
	t.Sealed, t.Head = row.Number, row.Chain
	if !row.There {
		problem("the record is gone")
		return nil
	}
	content, err := contentHash(row.Salt, accountdb.AuditRecord{
		CompanyID: t.CompanyID, ID: row.RecordID, At: row.At, UserID: row.UserID, Ip: row.Ip,
		Action: row.Action, Subject: row.Subject, Old: row.Old, New: row.New,
	})
	if err != nil {
		return err
	}
	if !bytes.Equal(content, row.Content) {
		problem("the record was changed")
	}
	return nil
}
