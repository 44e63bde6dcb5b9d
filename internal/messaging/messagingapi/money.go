package messagingapi

import (
	"context"

	"parley/internal/access"
	"parley/internal/metering/meteringapi"
)

// PartMoney is what one part of a message cost.
type PartMoney struct {
	N int `json:"n" doc:"Counted from 0"`
	meteringapi.Card
}

type textMoneyOutput struct {
	Body struct {
		Items []PartMoney `json:"items" doc:"Parts that nothing was held for are not there"`
	}
}

func (h handler) money(ctx context.Context, actor access.Actor, in *textInput) (*textMoneyOutput, error) {
	parts, err := h.messaging.Money(ctx, actor, in.Text)
	if err != nil {
		return nil, err
	}
	out := &textMoneyOutput{}
	out.Body.Items = make([]PartMoney, 0, len(parts))
	for _, p := range parts {
		out.Body.Items = append(out.Body.Items, PartMoney{p.N, meteringapi.ShowCard(p.Card)})
	}
	return out, nil
}
