package messaging

import (
	"context"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/metering"
	"parley/internal/platform/fault"
)

// PartMoney is what one part of a message costs.
type PartMoney struct {
	N int // counted from 0
	metering.Card
}

// Money returns what the parts of a message cost, in their order, on the levels
// that the actor is a party to. A message that was refused before any money was
// held has none.
func (s *Service) Money(ctx context.Context, actor access.Actor, messageID uuid.UUID) ([]PartMoney, error) {
	m, err := s.ByID(ctx, actor, messageID)
	if err != nil {
		return nil, err
	}
	var out []PartMoney
	for n := range m.Parts {
		card, err := s.Metering.Card(ctx, actor, actor.CompanyID, partReference(messageID, n))
		switch {
		case fault.Is(err, fault.NotFound):
			continue
		case err != nil:
			return nil, err
		}
		out = append(out, PartMoney{n, card})
	}
	return out, nil
}
