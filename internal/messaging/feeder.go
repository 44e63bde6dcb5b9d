package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"parley/internal/access"
	"parley/internal/contact"
	"parley/internal/messaging/internal/messagingdb"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
	"parley/internal/platform/lease"
)

const (
	lookForCampaigns = 500 * time.Millisecond
	freezeAtOnce     = 5000 // recipients
	feedAtOnce       = 500
	feedAhead        = 3000 // messages of a campaign that wait for their gateway
)

// errPaused says that a campaign does not run, or runs elsewhere.
var errPaused = errors.New("the campaign does not run here")

// Feed starts campaigns that are due and keeps those that run supplied, until
// ctx ends. Any number of nodes may run it; one at a time works.
func (s *Service) Feed(ctx context.Context) {
	lease.New(s.DB, s.Log).Hold(ctx, "campaigns", func(ctx context.Context) {
		f := &feeder{Service: s, busy: map[uuid.UUID]bool{}}
		for ctx.Err() == nil {
			if err := f.look(ctx); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "campaigns cannot be read", "error", err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(lookForCampaigns):
			}
		}
		f.loops.Wait()
	})
}

// feeder runs one loop for each campaign.
type feeder struct {
	*Service
	loops sync.WaitGroup
	mu    sync.Mutex
	busy  map[uuid.UUID]bool
}

func (f *feeder) look(ctx context.Context) error {
	now := f.Clock.Now()
	rows, err := f.q.DueCampaigns(ctx, f.DB.Worker(), now)
	if err != nil {
		return fmt.Errorf("look for campaigns: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range rows {
		if f.busy[r.ID] {
			continue
		}
		f.busy[r.ID] = true
		f.loops.Go(func() {
			if err := f.run(ctx, r.CompanyID, r.ID); err != nil && ctx.Err() == nil {
				f.Log.ErrorContext(ctx, "campaign stumbled and is tried again", "campaign", r.ID, "error", err)
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			delete(f.busy, r.ID)
		})
	}
	return nil
}

// run brings a campaign as far as it goes: through the copy of its audience, and
// then block by block until the end, a pause, or the lack of money.
func (f *feeder) run(ctx context.Context, companyID int64, campaignID uuid.UUID) error {
	for done := false; !done; {
		var err error
		if done, err = f.freeze(ctx, companyID, campaignID); err != nil {
			return quiet(err)
		}
	}
	if err := f.Metering.Prepare(ctx, companyID); err != nil {
		return err
	}
	pace := rate.NewLimiter(rate.Inf, 1)
	block := feedAtOnce
	for ctx.Err() == nil {
		fed, err := f.feed(ctx, companyID, campaignID, block)
		switch {
		case fault.Is(err, fault.InsufficientFunds) && block > 1:
			block /= 2 // as many as the balance bears
			continue
		case fault.Is(err, fault.InsufficientFunds), fault.Is(err, fault.SellerSuspended):
			return f.pause(ctx, companyID, campaignID, err)
		case err != nil:
			return quiet(err)
		case fed.end:
			return nil
		case fed.messages == 0:
			select {
			case <-ctx.Done():
			case <-time.After(lookForWork):
			}
		}
		if fed.messages > 0 && fed.speed > 0 {
			pace.SetLimit(rate.Limit(fed.speed))
			pace.SetBurst(blockAt(fed.speed))
			if err := pace.WaitN(ctx, fed.messages); err != nil {
				return nil // ctx has ended
			}
		}
	}
	return nil
}

// blockAt is how many messages are accepted at once at a speed: a quarter of a
// second's.
func blockAt(speed int) int {
	if speed == 0 {
		return feedAtOnce
	}
	return min(max(speed/4, 1), feedAtOnce)
}

func quiet(err error) error {
	if errors.Is(err, errPaused) {
		return nil
	}
	return err
}

// pause stops a campaign that cannot go on by itself, and says why.
func (f *feeder) pause(ctx context.Context, companyID int64, campaignID uuid.UUID, why error) error {
	reason := string(fault.CodeOf(why))
	return f.DB.AsWorker(ctx, func(tx *db.Tx) error {
		c, err := f.lockTx(ctx, tx, companyID, campaignID)
		if err != nil || c.State != Running {
			return err
		}
		return f.setStateTx(ctx, tx, companyID, &c, Paused, reason)
	})
}

// lockRunning locks a campaign that shall run; a planned one begins here.
func (f *feeder) lockRunning(ctx context.Context, tx *db.Tx, companyID int64, campaignID uuid.UUID) (messagingdb.Campaign, error) {
	row, err := f.q.LockCampaign(ctx, tx, messagingdb.LockCampaignParams{CompanyID: companyID, ID: campaignID})
	switch {
	case err != nil:
		return row, fmt.Errorf("lock campaign: %w", err)
	case row.State == string(Running):
		return row, nil
	case row.State == string(Planned) && row.StartsAt != nil && !row.StartsAt.After(f.Clock.Now()):
		c := Campaign{ID: row.ID}
		return row, f.setStateTx(ctx, tx, companyID, &c, Running, "")
	}
	return row, errPaused
}

// freeze copies a page of the contact list; done says that all of it is copied.
func (f *feeder) freeze(ctx context.Context, companyID int64, campaignID uuid.UUID) (done bool, err error) {
	was, err := f.q.CampaignByID(ctx, f.DB.Worker(), messagingdb.CampaignByIDParams{CompanyID: companyID, ID: campaignID})
	if err != nil || was.Total != nil {
		return true, err
	}
	entries, err := f.Contacts.Entries(ctx, companyID, was.ListID, was.FrozenEntry, freezeAtOnce)
	if err != nil {
		return false, err
	}
	err = f.DB.AsWorker(ctx, func(tx *db.Tx) error {
		c, err := f.lockRunning(ctx, tx, companyID, campaignID)
		if err != nil {
			return err
		}
		if c.FrozenEntry != was.FrozenEntry || c.Total != nil {
			return errPaused
		}
		p := messagingdb.SetFrozenParams{CompanyID: companyID, ID: campaignID, Frozen: c.Frozen + len(entries), Entry: c.FrozenEntry}
		if len(entries) > 0 {
			p.Entry = entries[len(entries)-1].N
			if err := f.copyTx(ctx, tx, c, entries); err != nil {
				return err
			}
		}
		if done = len(entries) < freezeAtOnce; done {
			p.Total = &p.Frozen
		}
		return f.q.SetFrozen(ctx, tx, p)
	})
	return done, err
}

func (f *feeder) copyTx(ctx context.Context, tx *db.Tx, c messagingdb.Campaign, entries []contact.Entry) error {
	p := messagingdb.InsertRecipientsParams{CompanyID: c.CompanyID, CampaignID: c.ID}
	for i, e := range entries {
		values := make(map[string]string, len(e.Variables)+3)
		values["name"], values["phone"], values["email"] = e.Name, e.Phone, e.Email
		for name, value := range e.Variables {
			values[name] = value
		}
		raw, err := json.Marshal(values)
		if err != nil {
			return err
		}
		p.Ns, p.ContactIds = append(p.Ns, c.Frozen+i), append(p.ContactIds, e.ContactID)
		p.Phones, p.Emails = append(p.Phones, e.Phone), append(p.Emails, e.Email)
		p.Variables = append(p.Variables, raw)
	}
	if err := f.q.InsertRecipients(ctx, tx, p); err != nil {
		return fmt.Errorf("copy recipients: %w", err)
	}
	return nil
}

// fed is what one block came to.
type fed struct {
	messages int
	speed    int
	end      bool
}

// feed writes the messages of the next recipients and accepts them in one
// transaction with the campaign's place, so that each recipient gets exactly one
// attempt whatever happens in between.
func (f *feeder) feed(ctx context.Context, companyID int64, campaignID uuid.UUID, most int) (fed, error) {
	c, err := f.q.CampaignByID(ctx, f.DB.Worker(), messagingdb.CampaignByIDParams{CompanyID: companyID, ID: campaignID})
	if err != nil {
		return fed{}, fmt.Errorf("read campaign: %w", err)
	}
	if c.State != string(Running) {
		return fed{}, errPaused
	}
	out := fed{speed: c.Speed}
	queued, err := f.q.QueuedOf(ctx, f.DB.Worker(), messagingdb.QueuedOfParams{CompanyID: companyID, CampaignID: campaignID})
	if err != nil {
		return out, fmt.Errorf("count queued messages: %w", err)
	}
	if queued > feedAhead {
		return out, nil
	}
	rows, err := f.q.Recipients(ctx, f.DB.Worker(), messagingdb.RecipientsParams{CompanyID: companyID, CampaignID: campaignID, Next: c.Next, Most: int32(min(most, blockAt(c.Speed)))})
	if err != nil {
		return out, fmt.Errorf("read recipients: %w", err)
	}
	if len(rows) == 0 {
		if out.end = queued == 0; out.end {
			err = f.end(ctx, companyID, campaignID)
		}
		return out, err
	}
	out.messages = len(rows)
	k, err := f.write(ctx, c, rows)
	if err != nil {
		return out, err
	}
	if err := f.DB.AsWorker(ctx, func(tx *db.Tx) error { return f.storeTx(ctx, tx, c, k) }); err != nil {
		return out, err
	}
	f.wake(k.accepted)
	return out, nil
}

// end finishes a campaign all of whose messages were handed over.
func (f *feeder) end(ctx context.Context, companyID int64, campaignID uuid.UUID) error {
	return f.DB.AsWorker(ctx, func(tx *db.Tx) error {
		if _, err := f.lockRunning(ctx, tx, companyID, campaignID); err != nil {
			return err
		}
		c := Campaign{ID: campaignID}
		return f.setStateTx(ctx, tx, companyID, &c, Finished, "")
	})
}

// block is what the next recipients get.
type block struct {
	step     step
	next     int // the first recipient after them
	written  []draft
	reasons  []string // why a recipient gets nothing; empty where it does
	accepted []draft
}

// write writes messages outside of any transaction: prices and routes may have
// to be looked up.
func (f *feeder) write(ctx context.Context, c messagingdb.Campaign, rows []messagingdb.RecipientsRow) (*block, error) {
	steps, err := f.steps.of(c)
	if err != nil {
		return nil, err
	}
	k := &block{step: steps[0], next: rows[len(rows)-1].N + 1}
	now := f.Clock.Now()
	for _, r := range rows {
		d, reason, err := f.recipient(ctx, c, k.step, r, now)
		if err != nil {
			return nil, err
		}
		k.written, k.reasons = append(k.written, d), append(k.reasons, reason)
	}
	return k, nil
}

func (f *feeder) storeTx(ctx context.Context, tx *db.Tx, was messagingdb.Campaign, k *block) error {
	c, err := f.lockRunning(ctx, tx, was.CompanyID, was.ID)
	if err != nil {
		return err
	}
	if c.Next != was.Next {
		return errPaused // somebody else feeds it
	}
	addresses := make([]string, 0, len(k.written))
	for _, d := range k.written {
		addresses = append(addresses, d.packet.To)
	}
	excluded, err := f.Contacts.ExcludedTx(ctx, tx, c.CompanyID, k.step.Channel, addresses)
	if err != nil {
		return err
	}
	b := batch{actor: access.Actor{CompanyID: c.CompanyID}, now: f.Clock.Now(), lane: campaigns, campaign: &c.ID}
	if c.CreatedBy != nil {
		b.actor.UserID = *c.CreatedBy
	}
	refused := messagingdb.InsertRefusedParams{
		CompanyID: c.CompanyID, CampaignID: &c.ID, Channel: k.step.Channel, Sender: k.step.Sender, CreatedBy: c.CreatedBy, Now: b.now,
	}
	for i, d := range k.written {
		reason := k.reasons[i]
		if reason == "" {
			reason = excluded[d.packet.To]
		}
		if reason == "" {
			b.drafts = append(b.drafts, d)
			continue
		}
		refused.Ids, refused.Recipients = append(refused.Ids, d.id), append(refused.Recipients, d.packet.To)
		refused.RecipientNs, refused.Reasons = append(refused.RecipientNs, d.recipientN), append(refused.Reasons, reason)
	}
	k.accepted = b.drafts
	return f.storeBlockTx(ctx, tx, b, refused, k.next)
}

func (f *feeder) storeBlockTx(ctx context.Context, tx *db.Tx, b batch, refused messagingdb.InsertRefusedParams, next int) error {
	err := f.q.SetNext(ctx, tx, messagingdb.SetNextParams{CompanyID: b.actor.CompanyID, ID: *b.campaign, Next: next})
	if err != nil {
		return fmt.Errorf("move campaign on: %w", err)
	}
	if len(refused.Ids) > 0 {
		if err := f.q.InsertRefused(ctx, tx, refused); err != nil {
			return fmt.Errorf("insert refused messages: %w", err)
		}
		var count counts
		for _, reason := range refused.Reasons {
			count.add(*b.campaign, b.step, tally{Rejected, reason}, 1)
		}
		if err := f.countTx(ctx, tx, b.actor.CompanyID, count); err != nil {
			return err
		}
	}
	if len(b.drafts) == 0 {
		return nil
	}
	return f.acceptTx(ctx, tx, b)
}
