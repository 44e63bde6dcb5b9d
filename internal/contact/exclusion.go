package contact

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"parley/internal/contact/internal/contactdb"
	"parley/internal/platform/db"
	"parley/internal/platform/id"
)

// Why an address must not be written to. An address may be excluded for several reasons.
const (
	Unsubscribed = "unsubscribed"   // the person does not want it
	Blacklisted  = "blacklisted"    // the company does not want it
	HardBounce   = "hard_bounce"    // the mailbox does not exist
	NoSuchNumber = "no_such_number" // the network does not know the number
)

// ExcludedTx says which of the addresses must not be written to on the channel ("sms" or
// "email"), each with its weightiest reason. Addresses are as [Entry] has them; the size of
// letters in an e-mail address does not matter.
func (s *Service) ExcludedTx(ctx context.Context, tx *db.Tx, companyID int64, channel string, addresses []string) (map[string]string, error) {
	rows, err := s.q.Excluded(ctx, tx, contactdb.ExcludedParams{CompanyID: companyID, Channel: channel, Addresses: excludedAs(addresses)})
	if err != nil {
		return nil, fmt.Errorf("read exclusions: %w", err)
	}
	if len(rows) == 0 {
		return map[string]string{}, nil
	}
	reasons := make(map[string]string, len(rows))
	for _, r := range rows {
		reasons[r.Address] = r.Reason
	}
	out := make(map[string]string, len(rows))
	for _, address := range addresses {
		if reason := reasons[strings.ToLower(address)]; reason != "" {
			out[address] = reason
		}
	}
	return out, nil
}

// ExcludeTx excludes an address from the channel. Excluding it again for the same reason
// changes nothing.
func (s *Service) ExcludeTx(ctx context.Context, tx *db.Tx, companyID int64, channel, address, reason string) error {
	_, err := s.excludeTx(ctx, tx, contactdb.ExcludeParams{CompanyID: companyID, Channel: channel, Reason: reason}, []string{address})
	return err
}

// excludeTx returns the addresses that were not excluded for this reason before.
func (s *Service) excludeTx(ctx context.Context, tx *db.Tx, p contactdb.ExcludeParams, addresses []string) ([]string, error) {
	p.CreatedAt, p.Addresses, p.Ids = s.clock.Now(), excludedAs(addresses), make([]uuid.UUID, len(addresses))
	for i := range p.Ids {
		p.Ids[i] = id.New(p.CreatedAt)
	}
	added, err := s.q.Exclude(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("exclude addresses: %w", err)
	}
	return added, nil
}

// excludedAs returns addresses as exclusions keep them.
func excludedAs(addresses []string) []string {
	out := make([]string, len(addresses))
	for i, address := range addresses {
		out[i] = strings.ToLower(address)
	}
	return out
}
