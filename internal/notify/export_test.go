package notify

import "context"

// Forget does the daily work of retention now.
func (s *Service) Forget(ctx context.Context) error { return s.forget(ctx, forgetOld{}) }
