package pricing

// Destination is where a thing goes, as far as its price may depend on it. The
// zero value is nowhere in particular.
type Destination struct {
	Country  string // ISO 3166-1 alpha-2; empty: none or unknown
	Network  string // MCC and MNC (ITU-T E.212), such as "25001"; empty: unknown
	Category string // of a WhatsApp template, such as "marketing"; empty: none
}

// place is what a price is kept under: an item and where it goes. An empty text
// stands for any.
type place struct {
	item Item
	Destination
}

// candidates are the places whose price a thing may have, the most specific
// first: country and network, country, any; within each the category first.
func candidates(item Item, d Destination) []place {
	out := make([]place, 0, 6)
	add := func(country, network string) {
		if d.Category != "" {
			out = append(out, place{item, Destination{country, network, d.Category}})
		}
		out = append(out, place{item, Destination{Country: country, Network: network}})
	}
	if d.Country != "" && d.Network != "" {
		add(d.Country, d.Network)
	}
	if d.Country != "" {
		add(d.Country, "")
	}
	add("", "")
	return out
}
