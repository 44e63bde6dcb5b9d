package seed

import "parley/internal/chat"

type speaker int

const (
	client speaker = iota
	operator
	note
)

// line is said so many seconds after the one before.
type line struct {
	after int
	by    speaker
	text  string
}

type script struct {
	page  chat.VisitedPage
	lines []line
}

type quickReply struct{ folder, title, text string }

// scripts are what the people of a company and their clients say.
type scripts struct {
	language, chat, group string
	results               []string
	quick                 []quickReply
	look                  chat.Look
	talks                 []script
}

var bakeryScripts = scripts{
	language: "en", chat: "Bakery site", group: "Front desk",
	results: []string{"Order placed", "Question answered", "Complaint", "Not a customer"},
	quick: []quickReply{
		{"Orders", "Delivery times", "We deliver every day from 8:00 to 20:00. Orders placed before 18:00 arrive the next morning."},
		{"Orders", "Allergens", "You find the allergens of every product on its page, under the price."},
		{"", "Thank you", "Thank you for writing to us. Have a lovely day."},
	},
	look: chat.Look{
		Accent: "#1f6feb", Side: "right", Launcher: "bubble",
		Title:    chat.Texts{RU: "Голубая пекарня", EN: "Blue Bakery"},
		Greeting: chat.Texts{RU: "Здравствуйте! Чем помочь?", EN: "Hello! What can we bake for you?"},
	},
	talks: []script{
		{chat.VisitedPage{URL: "https://blue.example/cakes/honey", Title: "Honey cake"}, []line{
			{0, client, "Hi! Do you have the honey cake for Saturday?"},
			{35, operator, "Good morning. Yes, we bake it fresh on Friday night. For how many people?"},
			{50, client, "About ten 🙂"},
			{30, operator, "Then the 1.5 kg one is right. Shall I reserve it? It is 2,400 ₽."},
			{40, client, "Yes please, on the name of Anna"},
			{45, operator, "Done. You can collect it from 9:00, or we bring it for 300 ₽."},
		}},
		{chat.VisitedPage{URL: "https://blue.example/delivery", Title: "Delivery"}, []line{
			{0, client, "Where is my order 5182? It should have come at nine."},
			{25, note, "Courier says he stands in traffic on the bridge."},
			{20, operator, "I am sorry for the wait. The courier is ten minutes away, and the delivery is on us."},
			{60, client, "OK, thank you for telling me"},
		}},
		{chat.VisitedPage{URL: "https://blue.example/bread", Title: "Bread"}, []line{
			{0, client, "Is there any bread without nuts? My son is allergic."},
			{70, operator, "The rye and the white loaf are baked in a separate oven, away from nuts. Both are safe."},
			{30, client, "Great! And is the rye sold sliced?"},
			{40, operator, "Yes, just choose “sliced” next to the price."},
			{15, client, "Perfect"},
		}},
		{chat.VisitedPage{URL: "https://blue.example/", Title: "Blue Bakery"}, []line{
			{0, client, "Are you open on Sunday?"},
			{30, operator, "Yes, from 9:00 to 18:00."},
		}},
		{chat.VisitedPage{URL: "https://blue.example/catering", Title: "Catering"}, []line{
			{0, client, "We need breakfast for an office of 40 next Thursday, 8:30."},
			{15, client, "Croissants, fruit, coffee. What would it cost?"},
			{120, operator, "For 40 people it is 18,600 ₽ with coffee in thermoses and delivery. Would you like a written offer?"},
			{90, client, "Yes, to office@firm.example please"},
			{60, note, "Ask Olivia for the corporate discount."},
			{60, operator, "It is on its way. Write here if anything should change."},
			{40, client, "Thanks!"},
		}},
	},
}

var garageScripts = scripts{
	language: "en", chat: "Garage site", group: "Reception",
	results: []string{"Booked", "Answered", "Too far away"},
	quick: []quickReply{
		{"", "Opening hours", "We work Monday to Saturday from 9:00 to 19:00."},
		{"", "Tyres", "A change of four tyres takes 40 minutes and costs from 2,800 ₽."},
	},
	look: chat.Look{
		Accent: "#15803d", Side: "right", Launcher: "text",
		Title:    chat.Texts{RU: "Зелёный гараж", EN: "Green Garage"},
		Greeting: chat.Texts{RU: "Здравствуйте! Что случилось с машиной?", EN: "Hello! What is wrong with the car?"},
	},
	talks: []script{
		{chat.VisitedPage{URL: "https://green.example/tyres", Title: "Tyres"}, []line{
			{0, client, "Can I change tyres tomorrow?"},
			{45, operator, "We have 10:40 and 15:20. Which suits you?"},
			{30, client, "15:20"},
			{25, operator, "Booked. See you tomorrow."},
		}},
		{chat.VisitedPage{URL: "https://green.example/brakes", Title: "Brakes"}, []line{
			{0, client, "The brakes squeal in the morning. Is it dangerous?"},
			{90, operator, "Mostly it is moisture. If it goes on after the first kilometre, come and we look at the pads for free."},
			{60, client, "It does go on"},
			{40, operator, "Then better come today, before 18:00."},
		}},
	},
}

var robotScripts = scripts{
	language: "ru", chat: "Сайт", group: "Поддержка",
	results: []string{"Вопрос решён", "Передано в ремонт", "Возврат", "Спам"},
	quick: []quickReply{
		{"Ремонт", "Перезагрузка", "Нажмите и удерживайте кнопку питания десять секунд, затем включите робота снова."},
		{"Ремонт", "Гарантия", "Гарантия — два года со дня покупки. Достаточно чека или номера заказа."},
		{"", "Спасибо", "Спасибо, что написали. Хорошего дня."},
	},
	look: chat.Look{
		Accent: "#c2413b", Side: "right", Launcher: "bubble",
		Title:    chat.Texts{RU: "Красный робот", EN: "Red Robot"},
		Greeting: chat.Texts{RU: "Здравствуйте! Поможем с роботом.", EN: "Hello! We help with your robot."},
	},
	talks: []script{
		{chat.VisitedPage{URL: "https://red.example/r2", Title: "Робот-пылесос R2"}, []line{
			{0, client, "Добрый день! Робот ездит кругами и не убирает углы."},
			{40, operator, "Здравствуйте. Давно так? Какая версия на экране в разделе «О роботе»?"},
			{75, client, "Со вчерашнего дня, версия 4.2"},
			{50, operator, "В 4.2 сбивается карта. Удалите её в приложении и запустите уборку один раз целиком."},
			{180, client, "Помогло, спасибо!"},
		}},
		{chat.VisitedPage{URL: "https://red.example/delivery", Title: "Доставка"}, []line{
			{0, client, "Где мой заказ 77120?"},
			{30, operator, "Он в Казани, завтра будет у вас. Курьер позвонит за час."},
			{25, client, "Хорошо"},
		}},
		{chat.VisitedPage{URL: "https://red.example/returns", Title: "Возврат"}, []line{
			{0, client, "Хочу вернуть робота. Купил неделю назад."},
			{60, operator, "Конечно. Что не подошло?"},
			{45, client, "Слишком шумный для квартиры"},
			{30, note, "Предложить R2 Silent с доплатой."},
			{35, operator, "У R2 Silent шум вдвое ниже. Можем поменять с доплатой 3 000 ₽ или вернуть деньги — как вам удобнее?"},
			{90, client, "Давайте поменяем"},
			{40, operator, "Оформил обмен, курьер приедет в четверг с 10 до 14."},
			{20, client, "Отлично 👍"},
		}},
		{chat.VisitedPage{URL: "https://red.example/parts", Title: "Запчасти"}, []line{
			{0, client, "Есть ли щётки для R1?"},
			{55, operator, "Да, комплект из двух — 890 ₽, артикул 10-442."},
			{30, client, "А фильтр к ним нужен?"},
			{35, operator, "Фильтр меняют отдельно, раз в полгода."},
		}},
	},
}
