// Package messagingdb is the SQL of messaging.
package messagingdb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ListParams narrow the log. Zero values narrow nothing.
type ListParams struct {
	CompanyID  int64
	Before     uuid.UUID // goes on below this id; also the end of the period
	From       uuid.UUID
	Channel    string
	States     []string
	Recipient  string // whole
	ExternalID string
	CampaignID *uuid.UUID
	Reason     string
	MaxRows    int
}

// ListRow is a line of the log.
type ListRow struct {
	ID         uuid.UUID
	Channel    string
	Sender     string
	Recipient  string
	CampaignID *uuid.UUID
	Country    string
	Network    string
	Item       string
	Parts      int
	State      string
	Reason     string
	ExternalID string
	CreatedAt  time.Time
	DueAt      time.Time
	SentAt     *time.Time
	DoneAt     *time.Time
	Sending    bool
}

const listed = `SELECT a.id, a.channel, a.sender, a.recipient, a.campaign_id, a.country, a.network, a.item, a.parts, a.state, a.reason, a.external_id,
    a.created_at, a.due_at, a.sent_at, a.done_at, (o.claimed_at IS NOT NULL)::boolean
FROM attempt a
LEFT JOIN outgoing o ON o.company_id = a.company_id AND o.id = a.id
WHERE a.company_id = $1 AND a.id >= $2 AND a.id < $3`

// List reads a page of the log, the newest first.
func (q *Queries) List(ctx context.Context, db DBTX, p ListParams) ([]ListRow, error) {
	var sql strings.Builder
	sql.WriteString(listed)
	args := []any{p.CompanyID, p.From, p.Before}
	narrow := func(condition string, value any) {
		args = append(args, value)
		fmt.Fprintf(&sql, " AND "+condition, len(args))
	}
	if p.Channel != "" {
		narrow("a.channel = $%d", p.Channel)
	}
	if len(p.States) > 0 {
		narrow("a.state = ANY($%d)", p.States)
	}
	if p.Recipient != "" {
		narrow("a.recipient = $%d", p.Recipient)
	}
	if p.ExternalID != "" {
		narrow("a.external_id = $%d", p.ExternalID)
	}
	if p.CampaignID != nil {
		narrow("a.campaign_id = $%d", *p.CampaignID)
	}
	if p.Reason != "" {
		narrow("a.reason = $%d", p.Reason)
	}
	args = append(args, p.MaxRows)
	fmt.Fprintf(&sql, " ORDER BY a.id DESC LIMIT $%d", len(args))
	rows, err := db.Query(ctx, sql.String(), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []ListRow
	for rows.Next() {
		var r ListRow
		if err := rows.Scan(&r.ID, &r.Channel, &r.Sender, &r.Recipient, &r.CampaignID, &r.Country, &r.Network, &r.Item, &r.Parts, &r.State,
			&r.Reason, &r.ExternalID, &r.CreatedAt, &r.DueAt, &r.SentAt, &r.DoneAt, &r.Sending); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// MakePartitions makes the partitions for this month and the next three.
func (q *Queries) MakePartitions(ctx context.Context, db DBTX) error {
	_, err := db.Exec(ctx, "CALL ensure_attempt_partitions()")
	return err
}
