package chat

import (
	"context"

	"parley/internal/chat/internal/chatdb"
)

// MakePartitions keeps partitions of messages ready for the next months.
func (s *Service) MakePartitions(ctx context.Context) error {
	return wrap("make partitions of messages", chatdb.MakePartitions(ctx, s.db.Worker()))
}
