package account_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/account"
	"parley/internal/account/accounttest"
	"parley/internal/platform/clock"
	"parley/internal/platform/db"
	"parley/internal/platform/db/dbtest"
)

// BenchmarkRegistration makes whole registrations, several at once: a code is
// asked for and typed, then the company made. The difference between the two
// is what Argon2id costs.
func BenchmarkRegistration(b *testing.B) {
	for name, cost := range map[string]account.Cost{"Argon2id": account.DefaultCost, "WithoutArgon2id": accounttest.Cheap} {
		b.Run(name, func(b *testing.B) {
			out := &lastCodes{}
			f := accounttest.NewAt(b, dbtest.New(b), clock.Real{}, account.Options{Outbox: out, PasswordCost: cost})
			var made atomic.Int64
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					register(b, f.Service, out, form(int(made.Add(1))))
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "registrations/s")
		})
	}
}

func register(b *testing.B, s *account.Service, out *lastCodes, f account.NewSignUp) {
	sent, err := s.RequestSignUpCode(b.Context(), account.CodeRequest{Phone: f.Phone, Language: "en", Origin: f.Origin})
	require.NoError(b, err)
	code, _ := out.codes.LoadAndDelete(f.Phone)
	_, err = s.CheckSignUpCode(b.Context(), sent.ID, code.(string))
	require.NoError(b, err)
	f.CodeID = sent.ID
	require.NoError(b, s.SignUp(b.Context(), f))
}

// lastCodes is an outbox that remembers only the code of each number.
type lastCodes struct {
	accounttest.Outbox
	codes sync.Map
}

func (l *lastCodes) SMSCodeTx(_ context.Context, _ *db.Tx, m account.SMSCode) error {
	l.codes.Store(m.Phone, m.Code)
	return nil
}
