package chat

import "context"

// MoveQueues lets tests do what the loop does every second.
func (s *Service) MoveQueues(ctx context.Context) error { return s.moveQueues(ctx) }
