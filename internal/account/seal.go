package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/account/internal/accountdb"
	"parley/internal/platform/db"
)

const (
	sealBatch = 500
	sealerKey = 7_305_200 // any constant of ours
)

// Seal carries each company's chain of hashes on over the records that are not
// in it yet and returns how many. Writers of records never wait for it.
//
// A seal holds the hash of a record with a salt, and the hash of the chain
// before it with that. So a record that was changed, and a seal that was
// changed or taken out, shows in [Service.VerifyTrails]. Without the salt
// nobody can guess at an erased record, and its hash keeps the chain whole.
func (s *Service) Seal(ctx context.Context) (int, error) {
	for total := 0; ; {
		sealed, err := s.sealBatch(ctx)
		total += sealed
		if err != nil || sealed < sealBatch {
			return total, err
		}
	}
}

// RunSealer seals every so often until ctx ends. Of several nodes one works.
func (s *Service) RunSealer(ctx context.Context, every time.Duration) {
	for {
		if _, err := s.Seal(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "audit trail was not sealed", "error", err)
		}
		if pause(ctx, every) != nil {
			return
		}
	}
}

func (s *Service) sealBatch(ctx context.Context) (int, error) {
	sealed := 0
	err := s.db.AsWorker(ctx, func(tx *db.Tx) error {
		q := accountdb.New(tx)
		mine, err := q.TryLockSealer(ctx, sealerKey)
		if err != nil || !mine {
			return err
		}
		records, err := q.PendingRecords(ctx, sealBatch)
		if err != nil || len(records) == 0 {
			return err
		}
		seals, err := newSeals(ctx, q, records)
		if err != nil {
			return err
		}
		if err := q.InsertSeals(ctx, seals); err != nil {
			return fmt.Errorf("insert seals: %w", err)
		}
		if _, err := q.DeletePending(ctx, accountdb.DeletePendingParams{CompanyIds: seals.CompanyIds, RecordIds: seals.RecordIds}); err != nil {
			return fmt.Errorf("delete what was pending: %w", err)
		}
		sealed = len(records)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("seal audit trail: %w", err)
	}
	return sealed, nil
}

// newSeals continues the chains; records come ordered by company.
func newSeals(ctx context.Context, q *accountdb.Queries, records []accountdb.AuditRecord) (accountdb.InsertSealsParams, error) {
	var seals accountdb.InsertSealsParams
	companies := map[int64]accountdb.LastSealsRow{}
	var companyIDs []int64
	for _, r := range records {
		if _, ok := companies[r.CompanyID]; !ok {
			companies[r.CompanyID] = accountdb.LastSealsRow{CompanyID: r.CompanyID}
			companyIDs = append(companyIDs, r.CompanyID)
		}
	}
	last, err := q.LastSeals(ctx, companyIDs)
	if err != nil {
		return seals, fmt.Errorf("read ends of chains: %w", err)
	}
	for _, seal := range last {
		companies[seal.CompanyID] = seal
	}
	for _, r := range records {
		before := companies[r.CompanyID]
		salt := make([]byte, 16)
		_, _ = rand.Read(salt) // never fails: it ends the program instead
		content, err := contentHash(salt, r)
		if err != nil {
			return seals, err
		}
		now := accountdb.LastSealsRow{CompanyID: r.CompanyID, Number: before.Number + 1, Chain: chainHash(before.Chain, content)}
		companies[r.CompanyID] = now
		seals.CompanyIds = append(seals.CompanyIds, r.CompanyID)
		seals.Numbers = append(seals.Numbers, now.Number)
		seals.RecordIds = append(seals.RecordIds, r.ID)
		seals.Salts = append(seals.Salts, salt)
		seals.Contents = append(seals.Contents, content)
		seals.Chains = append(seals.Chains, now.Chain)
	}
	return seals, nil
}

func chainHash(before, content []byte) []byte {
	sum := sha256.Sum256(append(bytes.Clone(before), content...))
	return sum[:]
}

// contentHash hashes the salt and the record, each part with its length before
// it, so that no two records share what is hashed.
func contentHash(salt []byte, r accountdb.AuditRecord) ([]byte, error) {
	was, err := canonical(r.Old)
	if err != nil {
		return nil, err
	}
	is, err := canonical(r.New)
	if err != nil {
		return nil, err
	}
	var userID []byte
	if r.UserID != nil {
		userID = number(*r.UserID)
	}
	h := sha256.New()
	for _, part := range [][]byte{
		salt, number(r.CompanyID), r.ID[:], number(r.At.UnixMicro()), userID, []byte(r.Ip), []byte(r.Action), []byte(r.Subject), was, is,
	} {
		h.Write(number(int64(len(part))))
		h.Write(part)
	}
	return h.Sum(nil), nil
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// canonical writes JSON in one form, whatever form the database keeps it in.
func canonical(data json.RawMessage) ([]byte, error) {
	if data == nil {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("read record: %w", err)
	}
	return json.Marshal(v)
}
