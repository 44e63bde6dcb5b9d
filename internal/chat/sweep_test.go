package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/chat/chattest"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
	"parley/internal/platform/realtime"
)

// Whatever fails for one company, the others' visitors hear their places.
func TestOneCompanyDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	f := chattest.New(t, dbtest.New(t))
	broken, whole := f.Room(t, f.First, 0), f.Room(t, f.Second, 0)
	broken.Dialog(t, "hello")
	v, _ := whole.Dialog(t, "hello")
	ear := f.Hear(t, realtime.VisitorChannel(whole.Firm.ID, v.ID))
	f.Clock.Step(16 * time.Second)
	require.NoError(t, f.DB.AsWorker(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL ROLE NONE"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, fmt.Sprintf("CREATE POLICY broken ON session AS RESTRICTIVE USING (company_id <> %d OR 1 / (company_id - %[1]d) = 0)", f.First.ID))
		return err
	}))
	require.Error(t, f.Chat.MoveQueues(ctx))
	require.EqualValues(t, 1, ear.Next(t, "queue")["position"])
}
