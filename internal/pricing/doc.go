// Package pricing owns price lists and says what a thing costs.
//
// A price list belongs to its seller: the platform's lists are for resellers
// and direct companies, a reseller's for its own companies. A list has
// versions, a version has unit prices per item, and a buyer is assigned a list.
// All three are added to and never changed.
//
// # Which price counts
//
// A price may be for a destination: a country, a network in it, a category of
// WhatsApp template. The most specific counts: country and network, country,
// any; within each the one with the category. It may begin at a number of units
// of the item used in the month (tiers), and the first units of the month may be
// free. All units of one thing have the price of its first. What a reseller pays
// for its companies is the price from 0.
//
// Numbering plans say which country and network a number belongs to: the
// narrowest range counts. Plans are the installation's, built in for a few
// countries until one is imported; elsewhere only the country is known. Ported
// numbers are not: they count as the network's that gave them out.
//
// # Levels
//
// What a company pays its seller is the retail level. When that seller is a
// reseller, the same usage has a second, wholesale level: what the reseller
// pays the platform. A direct company and a reseller's own usage have the
// retail level only, with the platform as seller; the platform's own company
// has none. A level is visible to its two parties only, so nothing here returns
// a seller's lists to anybody but the seller.
//
// # When a price holds
//
// At an instant a buyer pays by the list whose assignment began last, and by
// that list's version that became valid last. Every node remembers prices and
// asks once a second whether any has changed, so a version or a change of list
// takes effect no sooner than 5 seconds after it was saved: by then all nodes
// know it, and which price applies depends on the instant alone. A buyer without
// prices is looked up each time, so its first list may hold at once.
//
// # Invariants
//
//   - A version, its items and an assignment never change.
//   - A price is a whole number of millionths and includes tax; rating
//     multiplies it by the quantity and rounds nothing.
//   - A reseller's price below its own cost was confirmed by a person.
//   - A buyer's list has the buyer's currency.
//
// It does not own what was charged: the price and the version are frozen into
// usage when it is accepted, and nothing is ever rated again.
package pricing
