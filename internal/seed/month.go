package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/id"
)

func ids(one ...uuid.UUID) *[]uuid.UUID { return &one }

// talk is one session being played.
type talk struct {
	shop     *shop
	script   script
	visitor  uuid.UUID
	language string
	began    time.Time
	dialog   uuid.UUID
	operator *access.Actor // who has it, once known
	leave    bool          // nobody answers the last question
}

// step is one line of a talk at its instant.
type step struct {
	at   time.Time
	talk *talk
	line int // -1 closes
}

// month plays all talks in the order of their lines, with the clock set to
// each line's instant, and settles once a day.
func (s *seeder) month(ctx context.Context, now time.Time) (int, error) {
	talks := s.plan(now)
	var steps []step
	for _, t := range talks {
		steps = append(steps, t.steps(now)...)
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	day := s.clock.Now().YearDay()
	for _, st := range steps {
		s.clock.Set(st.at)
		if st.at.YearDay() != day {
			day = st.at.YearDay()
			if _, err := s.app.Metering.Settle(ctx); err != nil {
				return 0, fmt.Errorf("settle: %w", err)
			}
		}
		if err := s.play(ctx, st); err != nil {
			return 0, fmt.Errorf("%s at %s: %w", st.talk.shop.Name, st.at.Format(time.RFC3339), err)
		}
	}
	return len(talks), nil
}

// plan decides who writes when; every third visitor is one that wrote before.
func (s *seeder) plan(now time.Time) (talks []*talk) {
	start := s.clock.Now().Truncate(24 * time.Hour)
	for _, one := range s.shops {
		var known []*talk
		for day := range Days + 1 {
			for range one.perDay/2 + s.chance.IntN(one.perDay) {
				at := start.AddDate(0, 0, day).Add(6*time.Hour + time.Duration(s.chance.Int64N(int64(12*time.Hour))))
				if at.After(now.Add(-time.Hour)) || at.Before(start.Add(time.Hour)) {
					continue
				}
				t := &talk{shop: one, script: one.set.talks[s.chance.IntN(len(one.set.talks))], began: at, visitor: id.New(at), language: one.set.language}
				if len(known) > 0 && s.chance.IntN(3) == 0 {
					// At least a day later, so that the session before has ended.
					if before := known[s.chance.IntN(len(known))]; at.Sub(before.began) > 24*time.Hour && !s.returning(talks, before, at) {
						t.visitor = before.visitor
					}
				}
				known, talks = append(known, t), append(talks, t)
			}
		}
		talks = append(talks, s.recent(one, now)...)
	}
	return talks
}

// returning says whether the visitor has a talk within a day of the instant.
func (s *seeder) returning(talks []*talk, before *talk, at time.Time) bool {
	return slices.ContainsFunc(talks, func(t *talk) bool {
		return t.visitor == before.visitor && at.Sub(t.began).Abs() < 24*time.Hour
	})
}

// recent are talks of the last minutes, some of which wait for an answer.
func (s *seeder) recent(one *shop, now time.Time) (talks []*talk) {
	for i, script := range one.set.talks {
		at := now.Add(-time.Duration(50-7*i) * time.Minute)
		if at.After(now) {
			break
		}
		talks = append(talks, &talk{shop: one, script: script, began: at, visitor: id.New(at), language: one.set.language, leave: i%2 == 1})
	}
	return talks
}

// steps lays the lines out in time; a talk left open has no end.
func (t *talk) steps(now time.Time) (out []step) {
	at := t.began
	lines := t.script.lines
	if t.leave {
		lines = lines[:1]
	}
	for i, l := range lines {
		at = at.Add(time.Duration(l.after) * time.Second)
		out = append(out, step{at, t, i})
	}
	if end := at.Add(2 * time.Minute); !t.leave && end.Before(now.Add(-20*time.Minute)) {
		out = append(out, step{end, t, -1})
	}
	return slices.DeleteFunc(out, func(s step) bool { return s.at.After(now) })
}

func (s *seeder) play(ctx context.Context, st step) error {
	t := st.talk
	if st.line < 0 {
		return s.asOperator(ctx, t, func(o access.Actor) error {
			results := t.shop.setup.ClosingResults
			_, err := s.app.Chats.Close(ctx, o, t.dialog, results[s.chance.IntN(len(results))].Code, "")
			return err
		})
	}
	l := t.script.lines[st.line]
	s.messages++
	if l.by == client {
		return s.write(ctx, t, l.text)
	}
	return s.asOperator(ctx, t, func(o access.Actor) error {
		_, _, err := s.app.Chats.Reply(ctx, o, chat.Outbound{DialogID: t.dialog, Key: uuid.New(), Text: l.text, Note: l.by == note})
		if err != nil || l.by == note {
			return err
		}
		_, err = s.app.Chats.Read(ctx, o, t.dialog, 1<<40)
		return err
	})
}

func (s *seeder) write(ctx context.Context, t *talk, text string) error {
	m, err := s.app.Chats.Receive(ctx, chat.Inbound{
		CompanyID: t.shop.ID, ConnectionID: t.shop.setup.Connections[0].ID, Visitor: t.visitor, Language: t.language, TimeZone: t.shop.TimeZone,
		Key: uuid.New(), Text: text, Page: t.script.page,
	})
	if err != nil {
		return err
	}
	t.dialog = m.DialogID
	return s.app.Chats.Distribute(ctx, t.shop.ID)
}

// asOperator acts as whoever has the session.
func (s *seeder) asOperator(ctx context.Context, t *talk, act func(o access.Actor) error) error {
	if t.operator == nil {
		for _, o := range t.shop.operators {
			mine, err := s.app.Chats.Dialogs(ctx, o, chat.DialogFilter{View: "mine", Paging: chat.Paging{Limit: 100}})
			if err != nil {
				return err
			}
			if slices.ContainsFunc(mine.Items, func(h chat.Head) bool { return h.DialogID == t.dialog }) {
				t.operator = &o
			}
		}
	}
	if t.operator == nil {
		return fmt.Errorf("nobody has dialog %s", t.dialog)
	}
	return act(*t.operator)
}
