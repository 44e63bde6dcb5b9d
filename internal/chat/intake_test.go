package chat

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A run that has nothing left to store ends without waiting for its turn.
func TestNobodyTakesATurnForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Service{intake: newIntake()}
		for range cap(s.intake.turns) {
			s.intake.turn() // and never ends
		}
		require.True(t, s.intake.add(&arrival{in: Inbound{CompanyID: 1}}))
		require.Len(t, s.intake.take(1), 1, "the other run was quicker")
		began := time.Now()
		s.drain(1)
		require.Zero(t, time.Since(began))
		require.Empty(t, s.intake.lines)
	})
}
