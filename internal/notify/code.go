package notify

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"parley/internal/account"
	"parley/internal/notify/internal/notifydb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
	"parley/internal/platform/secret"
)

var errNoSMS = fault.New(fault.Unavailable, "No SMS route is set.")

// SMSCodeTx stores a code that is sent after the commit; it implements
// account.Outbox. tx is of trusted work. A code that a cap refuses is counted
// nowhere.
func (s *Service) SMSCodeTx(ctx context.Context, tx *db.Tx, m account.SMSCode) error {
	q := notifydb.New(tx)
	way, err := s.current(ctx, q)
	if err != nil {
		return err
	}
	if way.sms.URL == "" {
		return errNoSMS
	}
	if known, err := q.CodeOfFact(ctx, m.Fact); err != nil || known {
		return err
	}
	now := s.clock.Now()
	refused, err := s.takeTx(ctx, tx, m.Phone, m.IP, now)
	if err != nil {
		return err
	}
	if refused != nil {
		s.alarmed(*refused)
		return refused.fault(now)
	}
	row := notifydb.InsertCodeParams{
		ID: id.New(now), Fact: m.Fact, Kind: "code", Phone: m.Phone, Origin: m.IP, Language: m.Language, CreatedAt: now, ExpiresAt: m.ExpiresAt,
	}
	if row.Code, err = s.options.Secrets.Seal([]byte(m.Code), codePlace(row.ID)); err != nil {
		return err
	}
	if err := q.InsertCode(ctx, row); err != nil {
		return fmt.Errorf("insert code: %w", err)
	}
	tx.AfterCommit(s.wake)
	return nil
}

func codePlace(codeID uuid.UUID) secret.Place {
	return secret.Place{Table: "sms_code", Row: codeID.String()}
}

// wake makes this node look for codes now.
func (s *Service) wake() {
	select {
	case s.codes <- struct{}{}:
	default:
	}
}

// CodeState is what became of a code so far. State is waiting, sending, sent,
// delivered, failed or expired; Reason says why it failed or expired: the
// network's word, "unconfirmed" or "not_sent".
type CodeState struct {
	State    string
	Reason   string
	Attempts int
}

// Code returns the state of the code that a fact asked for.
func (s *Service) Code(ctx context.Context, fact uuid.UUID) (CodeState, error) {
	row, err := s.q.CodeState(ctx, fact)
	if db.NoRows(err) {
		return CodeState{}, fault.New(fault.NotFound, "There is no such code.")
	}
	if err != nil {
		return CodeState{}, fmt.Errorf("read code: %w", err)
	}
	return CodeState{row.State, row.Reason, int(row.Attempts)}, nil
}
