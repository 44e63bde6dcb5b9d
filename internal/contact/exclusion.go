package contact

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/contact/internal/contactdb"
	"parley/internal/phone"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
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

// Exclusion is an address that must not be written to, with one reason.
type Exclusion struct {
	ID        uuid.UUID
	Channel   string
	Address   string
	Reason    string
	ByHand    bool
	CreatedAt time.Time
}

// ExclusionFilter chooses exclusions; zero values choose all.
type ExclusionFilter struct {
	Channel string
	Reason  string
	Typed   string // a part of the address
	Before  *uuid.UUID
	Limit   int
}

// Exclusions returns exclusions of the actor's company, the newest first.
func (s *Service) Exclusions(ctx context.Context, actor access.Actor, f ExclusionFilter) ([]Exclusion, error) {
	var rows []contactdb.Exclusion
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		rows, err = s.q.Exclusions(ctx, tx, contactdb.ExclusionsParams{
			CompanyID: actor.CompanyID, Channel: f.Channel, Reason: f.Reason, Typed: strings.ToLower(strings.TrimSpace(f.Typed)),
			Before: f.Before, Most: int32(f.Limit),
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list exclusions: %w", err)
	}
	return exclusionsOf(rows), nil
}

// Blacklist excludes addresses by hand and returns how many were not blacklisted before. One
// that is no address of the channel refuses all, by its place: "addresses.3".
func (s *Service) Blacklist(ctx context.Context, actor access.Actor, channel string, addresses []string) (added int, err error) {
	clean, err := addressesOf(channel, addresses)
	if err != nil {
		return 0, err
	}
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		fresh, err := s.excludeTx(ctx, tx, contactdb.ExcludeParams{
			CompanyID: actor.CompanyID, Channel: channel, Reason: Blacklisted, CreatedBy: &actor.UserID,
		}, clean)
		if err != nil || len(fresh) == 0 {
			return err
		}
		added = len(fresh)
		return s.accounts.RecordTx(ctx, tx, actor, account.Change{
			Action: "exclusion.added", Subject: "exclusion:" + channel, New: map[string]any{"addresses": fresh},
		})
	})
	return added, err
}

// RemoveExclusions lets addresses be written to again, as far as nothing else stands against
// it. The trail keeps what was removed: a person may have asked not to be written to.
func (s *Service) RemoveExclusions(ctx context.Context, actor access.Actor, ids []uuid.UUID) (removed int, err error) {
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.RemoveExclusions(ctx, tx, contactdb.RemoveExclusionsParams{CompanyID: actor.CompanyID, Ids: ids})
		if err != nil {
			return fmt.Errorf("remove exclusions: %w", err)
		}
		if len(rows) == 0 {
			return fault.New(fault.NotFound, "There are no such exclusions.")
		}
		for _, r := range rows {
			err := s.accounts.RecordTx(ctx, tx, actor, account.Change{
				Action: "exclusion.removed", Subject: "exclusion:" + r.Channel, Old: map[string]any{"address": r.Address, "reason": r.Reason},
			})
			if err != nil {
				return err
			}
		}
		removed = len(rows)
		return nil
	})
	return removed, err
}

// addressesOf brings addresses of a channel to their form.
func addressesOf(channel string, addresses []string) ([]string, error) {
	var problems *fault.Error
	out := make([]string, len(addresses))
	for i, address := range addresses {
		var ok bool
		if channel == "email" {
			out[i], ok = parseEmail(address)
		} else {
			number, err := phone.Parse(address)
			out[i], ok = number, err == nil
		}
		if ok {
			continue
		}
		field, sentence := "addresses."+strconv.Itoa(i), "This is no address of the channel."
		if problems == nil {
			problems = fault.Field(field, fault.BadFormat, sentence)
		} else {
			problems = problems.And(field, fault.BadFormat, sentence)
		}
	}
	if problems != nil {
		return nil, problems
	}
	return out, nil
}

func exclusionsOf(rows []contactdb.Exclusion) []Exclusion {
	out := make([]Exclusion, len(rows))
	for i, r := range rows {
		out[i] = Exclusion{ID: r.ID, Channel: r.Channel, Address: r.Address, Reason: r.Reason, ByHand: r.CreatedBy != nil, CreatedAt: r.CreatedAt}
	}
	return out
}
