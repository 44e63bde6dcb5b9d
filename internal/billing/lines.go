package billing

import (
	"parley/internal/metering"
	"parley/internal/money"
	"parley/internal/pricing"
)

// named is what an item is called on paper, and what it is counted in.
type named struct{ name, unit string }

var russianNames = map[pricing.Item]named{
	pricing.ChatOperatorMessage:      {"Сообщения операторов в чатах", "сообщ."},
	pricing.ChatBotMessage:           {"Сообщения ботов в чатах", "сообщ."},
	pricing.ChatContactMessage:       {"Сообщения клиентов в чатах", "сообщ."},
	pricing.ChatAliceOperatorMessage: {"Сообщения операторов в Алисе", "сообщ."},
	pricing.ChatAliceBotMessage:      {"Сообщения ботов в Алисе", "сообщ."},
	pricing.ChatAliceContactMessage:  {"Сообщения клиентов в Алисе", "сообщ."},
	pricing.SMSSent:                  {"Отправленные SMS, по частям", "часть"},
	pricing.SMSDelivered:             {"Доставленные SMS, по частям", "часть"},
	pricing.ViberSent:                {"Отправленные сообщения Viber", "сообщ."},
	pricing.ViberDelivered:           {"Доставленные сообщения Viber", "сообщ."},
	pricing.WhatsAppSent:             {"Отправленные сообщения WhatsApp", "сообщ."},
	pricing.WhatsAppDelivered:        {"Доставленные сообщения WhatsApp", "сообщ."},
	pricing.EmailSent:                {"Отправленные электронные письма", "письмо"},
	pricing.EmailDelivered:           {"Доставленные электронные письма", "письмо"},
	pricing.PushSent:                 {"Отправленные push-уведомления", "шт."},
	pricing.PushDelivered:            {"Доставленные push-уведомления", "шт."},
	pricing.CallOutgoingMinute:       {"Исходящие звонки", "мин"},
	pricing.CallOutgoingSecond:       {"Исходящие звонки", "с"},
	pricing.CallIncomingMinute:       {"Входящие звонки", "мин"},
	pricing.CallIncomingSecond:       {"Входящие звонки", "с"},
	pricing.RecordingStorage:         {"Хранение записей разговоров", "МБ"},
	pricing.UserFee:                  {"Абонентская плата за пользователя", "шт."},
	pricing.ConnectionFee:            {"Абонентская плата за подключение", "шт."},
	pricing.NumberFee:                {"Абонентская плата за номер", "шт."},
}

var englishNames = map[pricing.Item]named{
	pricing.ChatOperatorMessage:      {"Operator messages in chats", "messages"},
	pricing.ChatBotMessage:           {"Bot messages in chats", "messages"},
	pricing.ChatContactMessage:       {"Customer messages in chats", "messages"},
	pricing.ChatAliceOperatorMessage: {"Operator messages in Alice", "messages"},
	pricing.ChatAliceBotMessage:      {"Bot messages in Alice", "messages"},
	pricing.ChatAliceContactMessage:  {"Customer messages in Alice", "messages"},
	pricing.SMSSent:                  {"SMS sent, by parts", "parts"},
	pricing.SMSDelivered:             {"SMS delivered, by parts", "parts"},
	pricing.ViberSent:                {"Viber messages sent", "messages"},
	pricing.ViberDelivered:           {"Viber messages delivered", "messages"},
	pricing.WhatsAppSent:             {"WhatsApp messages sent", "messages"},
	pricing.WhatsAppDelivered:        {"WhatsApp messages delivered", "messages"},
	pricing.EmailSent:                {"E-mail letters sent", "letters"},
	pricing.EmailDelivered:           {"E-mail letters delivered", "letters"},
	pricing.PushSent:                 {"Push notifications sent", "pieces"},
	pricing.PushDelivered:            {"Push notifications delivered", "pieces"},
	pricing.CallOutgoingMinute:       {"Outgoing calls", "minutes"},
	pricing.CallOutgoingSecond:       {"Outgoing calls", "seconds"},
	pricing.CallIncomingMinute:       {"Incoming calls", "minutes"},
	pricing.CallIncomingSecond:       {"Incoming calls", "seconds"},
	pricing.RecordingStorage:         {"Storage of recordings", "MB"},
	pricing.UserFee:                  {"Monthly fee for a user", "pieces"},
	pricing.ConnectionFee:            {"Monthly fee for a connection", "pieces"},
	pricing.NumberFee:                {"Monthly fee for a number", "pieces"},
}

// nameOf names an item on a form; one without a name is called as in the API.
func nameOf(item pricing.Item, form Form) named {
	names := englishNames
	if form == RussianForm {
		names = russianNames
	}
	if n, ok := names[item]; ok {
		return n
	}
	return named{name: string(item)}
}

// monthLines are the lines of a month: what was used, by item and price, without
// what welcome credit has paid.
func monthLines(sums []metering.MonthSum, welcome map[string]money.Amount, form Form, rate Rate) []Line {
	left := map[pricing.Item]money.Amount{}
	touched := map[pricing.Item]bool{}
	for item, amount := range welcome {
		left[pricing.Item(item)], touched[pricing.Item(item)] = amount, amount != 0
	}
	var out []Line
	add := func(item pricing.Item, listPrice, price money.Amount, quantity int64, exact money.Amount) {
		if exact == 0 {
			return
		}
		n := nameOf(item, form)
		out = append(out, line(Line{
			N: len(out) + 1, Item: item, ListPrice: listPrice, Name: n.name, Unit: n.unit, Quantity: quantity, UnitPrice: price, Exact: exact,
		}, rate))
	}
	for _, sum := range sums {
		if !touched[sum.Item] {
			add(sum.Item, sum.UnitPrice, sum.UnitPrice, sum.Quantity, sum.Amount)
			continue
		}
		// Refunds of what welcome credit had paid leave less than nothing of
		// it, which the first price takes up.
		gone := min(left[sum.Item], max(sum.Amount, 0))
		left[sum.Item] -= gone
		own := sum.Amount - gone
		units := int64(own / sum.UnitPrice)
		rest := own - money.Amount(units)*sum.UnitPrice
		add(sum.Item, sum.UnitPrice, sum.UnitPrice, units, own-rest)
		add(sum.Item, sum.UnitPrice, max(rest, -rest), sign(rest), rest)
	}
	return out
}

func sign(a money.Amount) int64 {
	if a < 0 {
		return -1
	}
	return 1
}

// line rounds what was charged and finds the VAT in it.
func line(l Line, rate Rate) Line {
	l.Amount, l.VATRate = rounded(l.Exact), rate
	l.VAT = vatWithin(l.Amount, rate)
	return l
}

func total(lines []Line) (sum money.Amount) {
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}
