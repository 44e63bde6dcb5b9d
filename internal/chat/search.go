package chat

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/contact"
	"parley/internal/platform/db"
)

const (
	mostFound    = 200 // dialogs
	mostContacts = 200
	searchFor    = 800 * time.Millisecond
)

// searchSpans are how far back messages are looked through, step by step: what people search
// for is mostly recent, and a frequent word has enough hits in the first step.
var searchSpans = []time.Duration{2 * 24 * time.Hour, 14 * 24 * time.Hour, 60 * 24 * time.Hour, 365 * 24 * time.Hour, 10 * 365 * 24 * time.Hour}

// search returns the dialogs that the actor may see and that have to do with the words: by
// their number or their session's, by the contact's name, phone or email, or by a message.
// Every word must begin a word there. It brings the newest, and never more than 200.
func (s *Service) search(ctx context.Context, actor access.Actor, words string) ([]uuid.UUID, error) {
	typed, ok := contact.Words(words)
	if !ok {
		return nil, nil
	}
	who := chatdb.Seeker{CompanyID: actor.CompanyID, UserID: actor.UserID, Supervise: actor.May(access.PanelSupervise), Most: mostFound}
	var found []uuid.UUID
	add := func(ids []uuid.UUID, err error) error {
		for _, id := range ids {
			if !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
		return err
	}
	err := s.db.SearchAs(ctx, func(tx *db.Tx) error {
		if number, err := strconv.ParseInt(strings.TrimLeft(strings.TrimSpace(words), "#№"), 10, 64); err == nil && number > 0 {
			if err := add(chatdb.DialogsNumbered(ctx, tx, who.CompanyID, number)); err != nil {
				return fmt.Errorf("search by number: %w", err)
			}
		}
		contacts, err := s.contacts.SearchTx(ctx, tx, who.CompanyID, words, mostContacts)
		if err != nil {
			return err
		}
		if err := add(chatdb.DialogsOf(ctx, tx, who, contacts)); err != nil {
			return fmt.Errorf("search by contact: %w", err)
		}
		return s.searchMessages(ctx, tx, who, typed, add, func() bool { return len(found) >= mostFound })
	})
	if chatdb.TimedOut(err) && ctx.Err() == nil {
		err = nil // what was found until then has to do
	}
	return found[:min(len(found), mostFound)], err
}

func (s *Service) searchMessages(ctx context.Context, tx *db.Tx, who chatdb.Seeker, typed string, add func([]uuid.UUID, error) error, enough func() bool) error {
	began, now := time.Now(), s.clock.Now()
	to := now.Add(time.Hour) // ids of another node may be a little ahead
	if err := add(chatdb.WalkMessages(ctx, tx, who, typed, now.Add(-searchSpans[len(searchSpans)-1]), to)); err != nil {
		return fmt.Errorf("walk the newest messages: %w", err)
	}
	if enough() {
		return nil
	}
	for _, span := range searchSpans {
		from := now.Add(-span)
		if err := add(chatdb.SearchMessages(ctx, tx, who, typed, from, to)); err != nil {
			return fmt.Errorf("search messages: %w", err)
		}
		if enough() || time.Since(began) > searchFor {
			return nil
		}
		to = from
	}
	return nil
}
