package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/sharing"
	"parley/internal/platform/db"
	"parley/internal/platform/fault"
)

// How long this node may go by settings that another one has changed.
const (
	rulesFor = 2 * time.Second
	namesFor = 30 * time.Second
)

// rules are the settings of a chat that its dialogs go by.
type rules struct {
	id             uuid.UUID
	active         bool
	name           string
	sharing        sharing.Rule
	sticky         bool
	lifetime       time.Duration // of a session without a message
	operatorIdle   time.Duration // after which a waiting contact goes to another
	firstTarget    int           // seconds
	nextTarget     int
	busyText       map[string]string
	results        []string // codes
	resultRequired bool
	nameShown      bool
	greetOnOpen    bool
	languages      []string
	look           Look
}

// ruleKey names a chat, or the connection that leads to it.
type ruleKey struct {
	companyID int64
	id        uuid.UUID
	via       bool // id is a connection
}

func (s *Service) rulesTx(ctx context.Context, tx *db.Tx, companyID int64, chatID uuid.UUID) (*rules, error) {
	return s.rules.get(ruleKey{companyID, chatID, false}, s.clock.Now(), func() (*rules, error) {
		row, err := s.q.RulesOfChat(ctx, tx, chatdb.RulesOfChatParams{CompanyID: companyID, ID: chatID})
		if db.NoRows(err) {
			return nil, fault.New(fault.NotFound, "There is no such chat.")
		} else if err != nil {
			return nil, fmt.Errorf("read chat: %w", err)
		}
		return rulesOf(row)
	})
}

// rulesOfConnectionTx returns the rules of the chat that a connection leads to.
func (s *Service) rulesOfConnectionTx(ctx context.Context, tx *db.Tx, companyID int64, connectionID uuid.UUID) (*rules, error) {
	return s.rules.get(ruleKey{companyID, connectionID, true}, s.clock.Now(), func() (*rules, error) {
		chatID, err := s.q.ChatOfConnection(ctx, tx, chatdb.ChatOfConnectionParams{CompanyID: companyID, ConnectionID: connectionID})
		if db.NoRows(err) {
			return nil, fault.New(fault.NotFound, "There is no such widget.")
		} else if err != nil {
			return nil, fmt.Errorf("find chat of connection: %w", err)
		}
		return s.rulesTx(ctx, tx, companyID, chatID)
	})
}

func rulesOf(r chatdb.RulesOfChatRow) (*rules, error) {
	out := &rules{
		id: r.ID, active: r.State == "active", name: r.Name, sharing: sharing.Rule(r.Sharing), sticky: r.Sticky,
		lifetime: time.Duration(r.LifetimeHours) * time.Hour, operatorIdle: time.Duration(r.OperatorIdleMinutes) * time.Minute,
		firstTarget: r.FirstTargetS, nextTarget: r.NextTargetS, resultRequired: r.ResultRequired,
		nameShown: r.OperatorNameShown, greetOnOpen: r.GreetOnOpen, languages: r.Languages,
	}
	if err := json.Unmarshal(r.BusyText, &out.busyText); err != nil {
		return nil, fmt.Errorf("read busy text: %w", err)
	}
	if err := json.Unmarshal(r.Look, &out.look); err != nil {
		return nil, fmt.Errorf("read look: %w", err)
	}
	var results []struct{ Code string }
	if err := json.Unmarshal(r.ClosingResults, &results); err != nil {
		return nil, fmt.Errorf("read closing results: %w", err)
	}
	for _, one := range results {
		out.results = append(out.results, one.Code)
	}
	return out, nil
}

// team is who answers in which chat.
type team struct {
	groups map[uuid.UUID]teamGroup
	ofChat map[uuid.UUID][]uuid.UUID // in the order in which they are tried
	chats  map[uuid.UUID]chatSharing
}

type teamGroup struct {
	name                    string
	rule                    sharing.Rule // empty: as the chat says
	firstTarget, nextTarget *int
	members                 []int64
}

type chatSharing struct {
	rule   sharing.Rule
	sticky bool
}

func (s *Service) teamTx(ctx context.Context, tx *db.Tx, companyID int64) (*team, error) {
	return s.teams.get(companyID, s.clock.Now(), func() (*team, error) {
		t := &team{groups: map[uuid.UUID]teamGroup{}, ofChat: map[uuid.UUID][]uuid.UUID{}, chats: map[uuid.UUID]chatSharing{}}
		groups, err := s.q.TeamGroups(ctx, tx, companyID)
		if err != nil {
			return nil, fmt.Errorf("read groups: %w", err)
		}
		for _, g := range groups {
			one := teamGroup{name: g.Name, firstTarget: g.FirstTargetS, nextTarget: g.NextTargetS, members: g.Members}
			if g.Sharing != nil {
				one.rule = sharing.Rule(*g.Sharing)
			}
			t.groups[g.ID] = one
		}
		links, err := s.q.GroupsOfChats(ctx, tx, companyID)
		if err != nil {
			return nil, fmt.Errorf("read groups of chats: %w", err)
		}
		for _, l := range links {
			if _, ok := t.groups[l.GroupID]; ok {
				t.ofChat[l.ChatID] = append(t.ofChat[l.ChatID], l.GroupID)
			}
		}
		chats, err := s.q.ChatSharings(ctx, tx, companyID)
		if err != nil {
			return nil, fmt.Errorf("read sharing of chats: %w", err)
		}
		for _, c := range chats {
			t.chats[c.ID] = chatSharing{sharing.Rule(c.Sharing), c.Sticky}
		}
		return t, nil
	})
}

// groupsFor returns the groups that a session of a chat may go to: the one it
// was handed to, else those of the chat.
func (t *team) groupsFor(chatID uuid.UUID, handedTo *uuid.UUID) []sharing.Group {
	ids := t.ofChat[chatID]
	if handedTo != nil {
		ids = []uuid.UUID{*handedTo}
	}
	out := make([]sharing.Group, 0, len(ids))
	for _, id := range ids {
		if g, ok := t.groups[id]; ok {
			rule := g.rule
			if rule == "" {
				rule = t.chats[chatID].rule
			}
			out = append(out, sharing.Group{ID: id, Rule: rule, Members: g.members})
		}
	}
	return out
}

// personKey names a user in a company.
type personKey struct{ companyID, userID int64 }

// names returns the names of users whom records of the company name. Who has
// left it keeps theirs there.
func (s *Service) names(ctx context.Context, tx *db.Tx, companyID int64, userIDs ...int64) (map[int64]string, error) {
	out := make(map[int64]string, len(userIDs))
	var missing []int64
	now := s.clock.Now()
	for _, id := range userIDs {
		if name, ok := s.people.peek(personKey{companyID, id}, now); ok {
			out[id] = name
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	read, err := s.accounts.NamesTx(ctx, tx, companyID, missing)
	if err != nil {
		return nil, err
	}
	for _, id := range missing {
		out[id] = read[id]
		s.people.put(personKey{companyID, id}, read[id], now)
	}
	return out, nil
}

// ForgetRules makes changed settings of a company's chats and groups count at
// once on this node; other nodes learn of them within two seconds.
func (s *Service) ForgetRules(companyID int64) {
	s.rules.drop(func(k ruleKey) bool { return k.companyID == companyID })
	s.teams.drop(func(k int64) bool { return k == companyID })
}

// cache keeps what was read for a short while.
type cache[K comparable, V any] struct {
	keep time.Duration

	mu      sync.RWMutex
	entries map[K]cached[V]
}

type cached[V any] struct {
	value V
	at    time.Time
}

const cacheSize = 20_000

func newCache[K comparable, V any](keep time.Duration) *cache[K, V] {
	return &cache[K, V]{keep: keep, entries: map[K]cached[V]{}}
}

func (c *cache[K, V]) peek(key K, now time.Time) (value V, ok bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.entries[key]
	if !ok || now.Sub(e.at).Abs() >= c.keep {
		return value, false
	}
	return e.value, true
}

func (c *cache[K, V]) put(key K, value V, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= cacheSize {
		clear(c.entries)
	}
	c.entries[key] = cached[V]{value, now}
}

func (c *cache[K, V]) get(key K, now time.Time, read func() (V, error)) (V, error) {
	if value, ok := c.peek(key, now); ok {
		return value, nil
	}
	value, err := read()
	if err == nil {
		c.put(key, value, now)
	}
	return value, err
}

func (c *cache[K, V]) drop(which func(key K) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range c.entries {
		if which(key) {
			delete(c.entries, key)
		}
	}
}
