package chatdb

import "context"

// MakePartitions makes the monthly tables of messages until three months ahead.
func MakePartitions(ctx context.Context, db DBTX) error {
	for _, table := range []string{"message", "message_body"} {
		// The generator knows no CALL.
		if _, err := db.Exec(ctx, "CALL ensure_partitions('"+table+"', now()::date, 4)"); err != nil {
			return err
		}
	}
	return nil
}
