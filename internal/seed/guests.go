package seed

import (
	"github.com/google/uuid"

	"parley/internal/connection"
	"parley/internal/messaging"
)

// guestNames are the contacts of the bakery's list; their numbers and addresses
// belong to nobody.
var guestNames = []string{
	"Ada", "Ben", "Clara", "Dan", "Edith", "Felix", "Gina", "Hugo", "Iris", "Joel", "Kate", "Liam",
	"Maya", "Noah", "Olga", "Paul", "Quinn", "Rosa", "Sam", "Tess", "Uma", "Victor", "Wendy", "Xenia",
	"Yuri", "Zoe", "Alec", "Bella", "Carl", "Dora", "Emil", "Fiona", "Glen", "Hanna", "Igor", "Jane",
	"Kurt", "Lena", "Max", "Nina", "Oscar", "Petra", "Ralph", "Sofia", "Tim", "Ursula", "Vera", "Will",
	"Anton", "Boris", "Diana", "Elena", "Frida", "Greg", "Helen", "Ivan", "Julia", "Kira", "Leo", "Mila",
}

var guestStreets = []string{"Mill Street", "Harbour Road", "Station Square"}

func loafCampaign(list uuid.UUID) messaging.NewCampaign {
	return messaging.NewCampaign{
		Name: "A loaf for regular guests", Purpose: messaging.ServicePurpose, ListID: list,
		Steps: []messaging.Step{{
			Channel: connection.SMS,
			Text:    "Hello {name|dear guest}! A fresh loaf waits for you on {street} until Sunday. Your code: {code}. Blue Bakery",
		}},
	}
}

func draftCampaign(list uuid.UUID) messaging.NewCampaign {
	return messaging.NewCampaign{
		Name: "Winter cakes", Purpose: messaging.Advertising, ListID: list,
		Steps: []messaging.Step{{
			Channel: connection.Email, Subject: "{name}, the winter cakes are here",
			Text: "Hello {name|dear guest},\n\nfrom Monday on there are four winter cakes on {street}. Come and taste them.\n\nBlue Bakery",
		}},
	}
}

var singleTexts = []messaging.NewMessage{
	{Channel: connection.SMS, To: "+79120000101", Text: "Your order 48127 is ready. Blue Bakery", ExternalID: "order-48127"},
	{Channel: connection.SMS, To: "+79120000104", Text: "Заказ 48128 готов, ждём вас до 21:00 на Мельничной улице, дом 4. Покажите это сообщение у кассы. Синяя пекарня"},
	{Channel: connection.Email, To: "clara@guests.example", Subject: "Your order 48129", Text: "Hello Clara,\n\nyour cake will be ready on Friday at 10:00.\n\nBlue Bakery"},
}
