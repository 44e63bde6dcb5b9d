package meteringapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/platform/httpx"
	"parley/internal/pricing"
)

// Card is the price of one message: units, state, ledger entry, and each price
// level that the reader is a party to.
type Card struct {
	Phase         string       `json:"phase" enum:"held,captured,released,refunded"`
	Item          string       `json:"item" example:"chat.operator_message"`
	Quantity      int64        `json:"quantity"`
	Units         string       `json:"units" enum:"messages,parts"`
	Country       string       `json:"country" doc:"Where it went, ISO 3166-1 alpha-2; empty: the price does not depend on it"`
	Network       string       `json:"network" doc:"MCC and MNC; empty: unknown"`
	Category      string       `json:"category" doc:"Of a WhatsApp template"`
	Levels        []Level      `json:"levels"`
	ChargedAt     time.Time    `json:"charged_at"`
	Period        string       `json:"period" format:"date" doc:"First day of the billing month in the company's zone"`
	Entry         *CardEntry   `json:"entry" doc:"null until it is posted, which takes up to a second"`
	WelcomeCredit money.Amount `json:"welcome_credit" doc:"The part that welcome credit paid"`
}

// Level is one of the two prices of a message.
type Level struct {
	Level        string       `json:"level" enum:"retail,wholesale"`
	Seller       string       `json:"seller"`
	UnitPrice    money.Amount `json:"unit_price"`
	Amount       money.Amount `json:"amount"`
	Currency     string       `json:"currency"`
	PriceList    *string      `json:"price_list" doc:"null: there was no price"`
	PriceVersion *int         `json:"price_version"`
	ValidFrom    *time.Time   `json:"valid_from"`
	Position     *int64       `json:"position" doc:"How many units of the month came before; null: the price does not depend on it"`
	Free         bool         `json:"free" doc:"It was one of the month's free units"`
	Own          bool         `json:"own" doc:"It stands among the company's own prices, over its list's"`
	Row          *Row         `json:"row" doc:"The row of the price list that counted"`
}

// Row is a price as it stands in a list. Empty texts stand for any.
type Row struct {
	Country      string       `json:"country"`
	Network      string       `json:"network"`
	Category     string       `json:"category"`
	FromQuantity int64        `json:"from_quantity" doc:"Units of the month before it counts"`
	FreeQuantity int64        `json:"free_quantity" doc:"Units of the month that cost nothing"`
	UnitPrice    money.Amount `json:"unit_price"`
}

// CardEntry is the ledger entry that the message is part of.
type CardEntry struct {
	ID       uuid.UUID `json:"id"`
	Number   int64     `json:"number"`
	Batch    uuid.UUID `json:"batch"`
	PostedAt time.Time `json:"posted_at"`
}

type CardInput struct {
	httpx.InCompany
	Message uuid.UUID `path:"message"`
}

type dependentCardInput struct {
	CardInput
	Dependent int64 `path:"dependent" minimum:"1"`
}

type cardOutput struct{ Body Card }

func (h handler) card(ctx context.Context, actor access.Actor, in *CardInput) (*cardOutput, error) {
	return h.showCard(ctx, actor, actor.CompanyID, in.Message)
}

func (h handler) dependentCard(ctx context.Context, actor access.Actor, in *dependentCardInput) (*cardOutput, error) {
	return h.showCard(ctx, actor, in.Dependent, in.Message)
}

func (h handler) showCard(ctx context.Context, actor access.Actor, companyID int64, message uuid.UUID) (*cardOutput, error) {
	c, err := h.Metering.Card(ctx, actor, companyID, message)
	if err != nil {
		return nil, err
	}
	return &cardOutput{ShowCard(c)}, nil
}

// ShowCard is a card as the API shows it.
func ShowCard(c metering.Card) Card {
	out := Card{
		Phase: string(c.Phase), Item: string(c.Item), Quantity: c.Quantity, Units: units(c.Item), Levels: make([]Level, len(c.Levels)),
		ChargedAt: c.At, Period: c.Period.Format(time.DateOnly), WelcomeCredit: c.Welcome,
		Country: c.Destination.Country, Network: c.Destination.Network, Category: c.Destination.Category,
	}
	for i, l := range c.Levels {
		out.Levels[i] = showLevel(l, c.Currency)
	}
	if c.Entry != nil {
		out.Entry = &CardEntry{c.Entry.ID, c.Entry.Number, c.Entry.Batch, c.Entry.At}
	}
	return out
}

func showLevel(l metering.CardLevel, currency string) Level {
	out := Level{Level: l.Level, Seller: l.Seller, UnitPrice: l.UnitPrice, Amount: l.Amount, Currency: currency, Position: l.Position}
	if l.Why != nil {
		out.PriceList, out.PriceVersion, out.ValidFrom = &l.Why.List, &l.Why.Version, &l.Why.ValidFrom
		out.Free, out.Own = l.Why.Free, l.Why.Own
		if m := l.Why.Match; m != nil {
			out.Row = &Row{m.Destination.Country, m.Destination.Network, m.Destination.Category, m.FromQuantity, m.FreeQuantity, m.UnitPrice}
		}
	}
	return out
}

func units(item pricing.Item) string {
	if item == pricing.SMSSent || item == pricing.SMSDelivered {
		return "parts"
	}
	return "messages"
}
