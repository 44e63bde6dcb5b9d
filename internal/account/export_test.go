package account

import (
	"context"
	"time"
)

// Hashed counts the passwords that were hashed so far.
func (s *Service) Hashed() int64 { return s.passwords.hashed.Load() }

// OnPause takes the place of waiting.
func (s *Service) OnPause(fn func(time.Duration)) {
	s.pause = func(_ context.Context, d time.Duration) error {
		fn(d)
		return nil
	}
}

// OccupyHasher takes all turns of hashing and gives them back when done.
func (s *Service) OccupyHasher() (done func()) {
	for range cap(s.passwords.turns) {
		s.passwords.turns <- struct{}{}
	}
	return func() {
		for range cap(s.passwords.turns) {
			<-s.passwords.turns
		}
	}
}

// CheckPassword compares a password with the hash of nobody.
func (s *Service) CheckPassword(ctx context.Context, password string) (bool, error) {
	right, _, err := s.passwords.check(ctx, password, s.passwords.stranger)
	return right, err
}
