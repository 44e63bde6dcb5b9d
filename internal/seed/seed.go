package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"parley/internal/access"
	"parley/internal/app"
	"parley/internal/chat"
	"parley/internal/platform/clock"
	"parley/internal/platform/fault"
)

// Days is how far back the demo's dialogs begin.
const Days = 30

// Demo is what was made.
type Demo struct {
	Logins   []Login
	Sessions int
	Messages int
}

type seeder struct {
	app      *app.App
	clock    *clock.Fixed
	chance   *rand.Rand
	logins   []Login
	platform firm
	reseller *firm
	bakery   *firm
	garage   *firm
	robot    *firm
	shops    []*shop
	messages int
}

// shop is a company's chat in the demo.
type shop struct {
	*firm
	set    scripts
	perDay int
	setup  chat.Configuration
}

// Run fills an empty installation. The app must be made with the clock, which
// ends where it stood: at now. The same now makes the same demo.
func Run(ctx context.Context, a *app.App, c *clock.Fixed, n Networks) (Demo, error) {
	now := c.Now()
	s := &seeder{app: a, clock: c, chance: rand.New(rand.NewPCG(20, 26))}
	if _, err := a.Accounts.PlatformID(ctx); err == nil {
		return Demo{}, fault.New(fault.Conflict, "There is a platform company already; the demo needs an empty database.")
	}
	c.Set(now.AddDate(0, 0, -Days).Truncate(24 * time.Hour))
	if err := s.companies(ctx); err != nil {
		return Demo{}, err
	}
	c.Step(time.Minute) // prices hold from a moment after they were set
	if err := s.chats(ctx); err != nil {
		return Demo{}, err
	}
	sessions, err := s.month(ctx, now)
	if err != nil {
		return Demo{}, err
	}
	c.Set(now)
	// Nobody has the panel open: new clients wait for whoever comes first.
	if err := a.Chats.LeaveUnseen(ctx); err != nil {
		return Demo{}, err
	}
	if err := s.texting(ctx, n); err != nil {
		return Demo{}, err
	}
	if _, err := a.Metering.Settle(ctx); err != nil {
		return Demo{}, fmt.Errorf("settle: %w", err)
	}
	return Demo{Logins: s.logins, Sessions: sessions, Messages: s.messages}, nil
}

func (s *seeder) companies(ctx context.Context) (err error) {
	if err := s.install(ctx); err != nil {
		return err
	}
	if s.reseller, err = s.found(ctx, &s.platform, resellerFirm); err != nil {
		return err
	}
	for _, c := range []struct {
		made   **firm
		seller *firm
		what   company
	}{{&s.bakery, s.reseller, bakery}, {&s.garage, s.reseller, garage}, {&s.robot, &s.platform, robot}} {
		if *c.made, err = s.found(ctx, c.seller, c.what); err != nil {
			return err
		}
	}
	if err := s.describe(ctx); err != nil {
		return err
	}
	if err := s.app.Bus.Drain(ctx); err != nil { // welcome credit
		return fmt.Errorf("events: %w", err)
	}
	if err := s.prices(ctx); err != nil {
		return err
	}
	return s.deposits(ctx)
}

// chats sets up a chat, a group and quick replies for each company.
func (s *seeder) chats(ctx context.Context) error {
	for _, one := range []shop{
		{firm: s.bakery, set: bakeryScripts, perDay: 7},
		{firm: s.garage, set: garageScripts, perDay: 3},
		{firm: s.robot, set: robotScripts, perDay: 5},
	} {
		if err := s.open(ctx, &one); err != nil {
			return fmt.Errorf("chat of %s: %w", one.Name, err)
		}
		s.shops = append(s.shops, &one)
	}
	return nil
}

func (s *seeder) open(ctx context.Context, one *shop) error {
	members := make([]int64, len(one.operators))
	for i, o := range one.operators {
		members[i] = o.UserID
	}
	group, err := s.app.Chats.CreateGroup(ctx, one.owner, chat.GroupChange{Name: &one.set.group, Members: &members})
	if err != nil {
		return err
	}
	results := make([]chat.ClosingResult, len(one.set.results))
	for i, label := range one.set.results {
		results[i].Label = label
	}
	one.setup, err = s.app.Chats.CreateChat(ctx, one.owner, chat.SettingsChange{
		Name: &one.set.chat, Groups: ids(group.ID), ClosingResults: &results, Look: &one.set.look,
	})
	if err != nil {
		return err
	}
	for _, q := range one.set.quick {
		personal := false
		_, err := s.app.Chats.CreateQuickReply(ctx, one.owner, chat.QuickReplyChange{Personal: &personal, Folder: &q.folder, Title: &q.title, Text: &q.text})
		if err != nil {
			return err
		}
	}
	return s.online(ctx, one.operators)
}

func (s *seeder) online(ctx context.Context, operators []access.Actor) error {
	for _, o := range operators {
		if _, err := s.app.Chats.SetOperatorState(ctx, o, chat.Online); err != nil {
			return err
		}
	}
	return nil
}
