package chat

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// HistoryFilter says which messages of a dialog are asked for: the last ones, those before a
// sequence, or those after one.
type HistoryFilter struct {
	BeforeSeq *int64
	AfterSeq  *int64
	Limit     int // 0 is 50, at most 100
}

// Messages lists messages of a dialog that the actor may see, oldest first, and says whether
// there are more in the direction that was asked for. Prices are there for those who may see
// them.
func (s *Service) Messages(ctx context.Context, actor access.Actor, dialogID uuid.UUID, f HistoryFilter) (messages []Message, more bool, err error) {
	if f.BeforeSeq != nil && f.AfterSeq != nil {
		return nil, false, fault.Field("after_seq", fault.BadFormat, "Ask for messages before or after, not both.")
	}
	limit := Paging{Limit: f.Limit}.limit()
	err = s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		d, err := s.seenDialogTx(ctx, tx, actor, dialogID)
		if err != nil {
			return err
		}
		head, err := s.q.HeadByID(ctx, tx, chatdb.HeadByIDParams{CompanyID: actor.CompanyID, DialogID: dialogID})
		if err != nil {
			return fmt.Errorf("read head: %w", err)
		}
		rows, err := s.historyRowsTx(ctx, tx, d, f, limit+1)
		if err != nil {
			return err
		}
		more = len(rows) > limit
		rows = rows[:min(len(rows), limit)]
		if f.AfterSeq == nil {
			slices.Reverse(rows)
		}
		messages = make([]Message, len(rows))
		for i, r := range rows {
			if messages[i], err = messageOf(r, aroundOf(d, head.ContactName)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && actor.May(access.PricesView) {
		err = s.price(ctx, actor.CompanyID, messages)
	}
	return messages, more, err
}

var errNoMessage = fault.New(fault.NotFound, "There is no such message.")

// MessageByID returns a message of a dialog that the actor may see. Whoever has only its id,
// such as from a line of the account, finds its dialog by it.
func (s *Service) MessageByID(ctx context.Context, actor access.Actor, messageID uuid.UUID) (Message, error) {
	one := make([]Message, 1)
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.MessageByID(ctx, tx, chatdb.MessageByIDParams{CompanyID: actor.CompanyID, ID: messageID})
		if db.NoRows(err) {
			return errNoMessage
		} else if err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		d, err := s.seenDialogTx(ctx, tx, actor, row.DialogID)
		if fault.Is(err, fault.NotFound) {
			return errNoMessage
		} else if err != nil {
			return err
		}
		head, err := s.q.HeadByID(ctx, tx, chatdb.HeadByIDParams{CompanyID: actor.CompanyID, DialogID: d.ID})
		if err != nil {
			return fmt.Errorf("read head: %w", err)
		}
		one[0], err = messageOf(messageRow(row), aroundOf(d, head.ContactName))
		return err
	})
	if err == nil && actor.May(access.PricesView) {
		err = s.price(ctx, actor.CompanyID, one)
	}
	return one[0], err
}

// seenDialogTx returns a dialog that the actor may see. Of others they learn nothing.
func (s *Service) seenDialogTx(ctx context.Context, tx *db.Tx, actor access.Actor, dialogID uuid.UUID) (chatdb.Dialog, error) {
	d, err := s.q.DialogByID(ctx, tx, chatdb.DialogByIDParams{CompanyID: actor.CompanyID, ID: dialogID})
	if db.NoRows(err) {
		return chatdb.Dialog{}, errNoDialog
	} else if err != nil {
		return chatdb.Dialog{}, fmt.Errorf("read dialog: %w", err)
	}
	who := chatdb.Seeker{CompanyID: actor.CompanyID, UserID: actor.UserID, Supervise: actor.May(access.PanelSupervise)}
	sees, err := chatdb.MaySee(ctx, tx, who, dialogID)
	if err != nil {
		return chatdb.Dialog{}, fmt.Errorf("see dialog: %w", err)
	}
	if !sees {
		return chatdb.Dialog{}, errNoDialog
	}
	return d, nil
}

// historyRowsTx reads forwards after a sequence, else backwards.
func (s *Service) historyRowsTx(ctx context.Context, tx *db.Tx, d chatdb.Dialog, f HistoryFilter, limit int) ([]messageRow, error) {
	// A day more, for clocks that differ.
	since := id.First(d.CreatedAt.Add(-24 * time.Hour))
	if f.AfterSeq != nil {
		rows, err := s.q.MessagesAfter(ctx, tx, chatdb.MessagesAfterParams{
			CompanyID: d.CompanyID, DialogID: d.ID, AfterSeq: *f.AfterSeq, Since: since, MaxRows: int32(limit),
		})
		if err != nil {
			return nil, fmt.Errorf("read messages after: %w", err)
		}
		out := make([]messageRow, len(rows))
		for i, r := range rows {
			out[i] = messageRow(r)
		}
		return out, nil
	}
	before := d.LastSeq + 1
	if f.BeforeSeq != nil {
		before = *f.BeforeSeq
	}
	rows, err := s.q.MessagesBefore(ctx, tx, chatdb.MessagesBeforeParams{
		CompanyID: d.CompanyID, DialogID: d.ID, BeforeSeq: before, Since: since, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read messages before: %w", err)
	}
	out := make([]messageRow, len(rows))
	for i, r := range rows {
		out[i] = messageRow(r)
	}
	return out, nil
}

// price fills in what each message cost. What was given back costs nothing.
func (s *Service) price(ctx context.Context, companyID int64, messages []Message) error {
	ids := make([]uuid.UUID, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	usage, err := s.meter.UsageOf(ctx, companyID, ids)
	if err != nil {
		return err
	}
	for i := range messages {
		messages[i].Price = priceOf(usage[messages[i].ID])
	}
	return nil
}

func priceOf(usage []metering.Usage) *money.Money {
	var out *money.Money
	for _, u := range usage {
		if out == nil {
			out = &money.Money{Currency: u.Currency}
		}
		switch u.Phase {
		case metering.Captured:
			out.Amount += u.Amount
		case metering.Refunded:
			out.Amount -= u.Amount
		}
	}
	return out
}
