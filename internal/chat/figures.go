package chat

import (
	"context"
	"fmt"
	"time"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/db"
)

// Figures are an operator's own for the head of the panel: of the current
// month in the company's time zone, spam left out. Without a session that
// counts, a figure is null.
type Figures struct {
	SessionsClosedToday int      `json:"sessions_closed_today"`
	FirstAnswerMedianS  *float64 `json:"first_answer_median_s"`
	SL1                 *float64 `json:"sl1" doc:"Share of first answers within the target, 0 to 1"`
	SL2                 *float64 `json:"sl2" doc:"Share of further answers within the target, 0 to 1"`
}

// Figures returns the actor's.
func (s *Service) Figures(ctx context.Context, actor access.Actor) (Figures, error) {
	company, err := s.accounts.Company(ctx, actor.CompanyID)
	if err != nil {
		return Figures{}, err
	}
	now := s.clock.Now().In(company.Location)
	year, month, day := now.Date()
	var f Figures
	err = s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.Figures(ctx, tx, chatdb.FiguresParams{
			CompanyID: actor.CompanyID, OperatorID: actor.UserID,
			DayStart:   time.Date(year, month, day, 0, 0, 0, 0, company.Location),
			MonthStart: time.Date(year, month, 1, 0, 0, 0, 0, company.Location),
		})
		if err != nil {
			return fmt.Errorf("read figures: %w", err)
		}
		f = Figures{
			SessionsClosedToday: row.ClosedToday,
			SL1:                 share(row.FirstInTime, row.FirstAnswers), SL2: share(row.NextInTime, row.NextAnswers),
		}
		if row.FirstAnswers > 0 {
			f.FirstAnswerMedianS = &row.FirstAnswerMedianS
		}
		return nil
	})
	return f, err
}

func share(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	s := float64(part) / float64(whole)
	return &s
}
