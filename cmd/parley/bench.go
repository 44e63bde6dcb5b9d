package main

// benchCommand makes load and prints figures; each is one JSON line.
type benchCommand struct {
	Ledger  benchLedger  `cmd:"" help:"Charging: in chunks, one by one, and a race for the last of a balance."`
	Chat    benchChat    `cmd:"" help:"Messages from visitors to operators, stored, metered, priced and charged on the way."`
	Kill    benchKill    `cmd:"" help:"Kill the server under load and count what is lost or doubled."`
	Dialogs benchDialogs `cmd:"" help:"The operator panel's list over a million dialogs."`

	Texts    benchTexts    `cmd:"" help:"A campaign by SMS or email, and what a kill leaves of it."`
	Codes    benchCodes    `cmd:"" help:"Codes by SMS, from the asking to the receipt."`
	Invoices benchInvoices `cmd:"" help:"Drawing invoices as PDF."`
	Import   benchImport   `cmd:"" help:"A file of contacts, from its upload to the list."`
	MonthEnd benchMonthEnd `cmd:"" name:"month-end" help:"Billing a month of 10,000 companies."`
}
