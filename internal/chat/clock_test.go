package chat_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/chat"
	"parley/internal/chat/chattest"
	"parley/internal/contact"
	"parley/internal/platform/db/dbtest"
)

// roomAt is a room in a company of a time zone, at a local time there.
func roomAt(t *testing.T, zone, local string) *chattest.Room {
	t.Helper()
	place, err := time.LoadLocation(zone)
	require.NoError(t, err)
	now, err := time.ParseInLocation("2006-01-02 15:04:05", local, place)
	require.NoError(t, err)
	d := dbtest.New(t)
	chattest.MakePartitions(t, d, now)
	f := chattest.NewAt(t, d, now.UTC())
	_, err = d.Worker().Exec(ctx, "UPDATE company SET time_zone = $2 WHERE id = $1", f.First.ID, zone)
	require.NoError(t, err)
	f.Clock.Step(3 * time.Second) // companies are remembered for two
	r := f.Room(t, f.First, 1)
	r.Online(t, r.Operators...)
	return r
}

func closeOne(t *testing.T, r *chattest.Room) {
	t.Helper()
	_, dialog := r.Dialog(t, "hello")
	r.Reply(t, r.Operators[0], dialog, "Hi")
	_, err := r.Chat.Close(ctx, r.Operators[0].Actor, dialog, "", "")
	require.NoError(t, err)
}

func figures(t *testing.T, r *chattest.Room) chat.Figures {
	t.Helper()
	f, err := r.Chat.Figures(ctx, r.Operators[0].Actor)
	require.NoError(t, err)
	return f
}

func TestFiguresEndWithTheCompanysMonth(t *testing.T) {
	t.Parallel()
	r := roomAt(t, "Asia/Kamchatka", "2026-10-31 23:59:50") // in UTC it is noon
	closeOne(t, r)
	require.Equal(t, 1, figures(t, r).SessionsClosedToday)
	require.EqualValues(t, 1, *figures(t, r).SL1)
	r.Clock.Step(10 * time.Second)
	require.Equal(t, chat.Figures{}, figures(t, r), "another day and another month")
	closeOne(t, r)
	require.Equal(t, 1, figures(t, r).SessionsClosedToday)
	r.Sound(t)
}

func TestADayMayHaveAnHourMoreOrLess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin  string
		length time.Duration
	}{
		"autumn": {"2026-10-25 00:00:00", 25 * time.Hour},
		"spring": {"2026-03-29 00:00:00", 23 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := roomAt(t, "Europe/Berlin", c.begin)
			began := r.Clock.Now()
			closeOne(t, r)
			r.Clock.Set(began.Add(-3 * time.Second).Add(c.length - time.Second))
			require.Equal(t, 1, figures(t, r).SessionsClosedToday)
			r.Clock.Step(time.Second)
			require.Equal(t, 0, figures(t, r).SessionsClosedToday)
		})
	}
}

func TestDialogOverTheEndOfAMonth(t *testing.T) {
	t.Parallel()
	r := roomAt(t, "Europe/Moscow", "2026-11-01 02:59:00") // a minute before the month of the partitions ends
	v, dialog := r.Dialog(t, "before")
	r.Clock.Step(2 * time.Minute)
	again := v.Write(t, "after")
	require.Equal(t, dialog, again.DialogID)
	r.Reply(t, r.Operators[0], dialog, "Both are here")
	items, _, err := r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Len(t, items, 3)
	visit, err := r.Chat.Visit(ctx, v.Pass())
	require.NoError(t, err)
	require.Equal(t, items, visit.Messages)
	r.Sound(t)
}

// A clock that is set back stores messages with earlier times, in the order in
// which they came, and ends no session.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	r := room(t, 1)
	r.Clock.Step(3 * time.Hour) // prices are as old as the fixture
	r.Online(t, r.Operators...)
	v, dialog := r.Dialog(t, "one")
	r.Clock.Step(-2 * time.Hour)
	m := v.Write(t, "two")
	require.Equal(t, dialog, m.DialogID)
	r.Reply(t, r.Operators[0], dialog, "three")
	require.NoError(t, r.Chat.Sweep(ctx))
	items, _, err := r.Chat.VisitorSync(ctx, v.Pass(), 0)
	require.NoError(t, err)
	require.Equal(t, []string{"one", "two", "three"}, []string{items[0].Text, items[1].Text, items[2].Text})
	require.Equal(t, 1, r.Number(t, "SELECT count(*) FROM session WHERE company_id = $1"))
	r.Sound(t)
}

func TestRenamedContactIsRenamedInTheList(t *testing.T) {
	t.Parallel()
	r := room(t, 0)
	_, dialog := r.Dialog(t, "hello")
	var id uuid.UUID
	require.NoError(t, r.DB.Worker().QueryRow(ctx, "SELECT contact_id FROM dialog_head WHERE company_id = $1", r.Firm.ID).Scan(&id))
	name, tags := "Ivan <b>", []string{"vip"}
	_, err := r.Contacts.Update(ctx, r.Owner(t), id, contact.Change{Name: &name, Tags: &tags})
	require.NoError(t, err)
	r.Drain(t)
	require.Equal(t, "Ivan <b>", r.Text(t, "SELECT contact_name FROM dialog_head WHERE company_id = $1 AND dialog_id = $2 AND tags = '{vip}'", dialog))
}
