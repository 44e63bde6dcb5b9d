package pricing

import "slices"

// Item is a kind of thing that has a price. Items are stored in usage and are
// part of the API.
type Item string

// The items. What the voice assistant Alice carries is counted apart and is
// not contained in the general ones.
const (
	ChatOperatorMessage      Item = "chat.operator_message"
	ChatBotMessage           Item = "chat.bot_message"
	ChatContactMessage       Item = "chat.contact_message"
	ChatAliceOperatorMessage Item = "chat.alice_operator_message"
	ChatAliceBotMessage      Item = "chat.alice_bot_message"
	ChatAliceContactMessage  Item = "chat.alice_contact_message"

	// Texts are billed when they were sent or when they were delivered, as the
	// buyer's list has a price; an SMS part by part.
	SMSSent           Item = "sms.sent_part"
	SMSDelivered      Item = "sms.delivered_part"
	ViberSent         Item = "viber.sent_message"
	ViberDelivered    Item = "viber.delivered_message"
	WhatsAppSent      Item = "whatsapp.sent_message"
	WhatsAppDelivered Item = "whatsapp.delivered_message"
	EmailSent         Item = "email.sent_message"
	EmailDelivered    Item = "email.delivered_message"
	PushSent          Item = "push.sent_message"
	PushDelivered     Item = "push.delivered_message"

	// Calls are billed by started minutes or by seconds, as the buyer's list
	// has a price; see Call.
	CallOutgoingMinute Item = "call.outgoing_minute"
	CallOutgoingSecond Item = "call.outgoing_second"
	CallIncomingMinute Item = "call.incoming_minute"
	CallIncomingSecond Item = "call.incoming_second"
	RecordingStorage   Item = "recording.stored_megabyte" // for a month

	// Fees are paid for each thing that is there, month by month.
	UserFee       Item = "fee.user"
	ConnectionFee Item = "fee.connection"
	NumberFee     Item = "fee.number"
)

// Items lists every item in the order in which people see them.
var Items = []Item{
	ChatOperatorMessage, ChatBotMessage, ChatContactMessage,
	ChatAliceOperatorMessage, ChatAliceBotMessage, ChatAliceContactMessage,
	SMSSent, SMSDelivered, ViberSent, ViberDelivered, WhatsAppSent, WhatsAppDelivered,
	EmailSent, EmailDelivered, PushSent, PushDelivered,
	CallOutgoingMinute, CallOutgoingSecond, CallIncomingMinute, CallIncomingSecond, RecordingStorage,
	UserFee, ConnectionFee, NumberFee,
}

// Known says whether there is such an item.
func (i Item) Known() bool { return slices.Contains(Items, i) }
