package chat

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"parley/internal/access"
	"parley/internal/account"
	"parley/internal/chat/internal/chatdb"
	"parley/internal/chat/internal/cursor"
	"parley/internal/connection"
	"parley/internal/platform/db"
	"parley/internal/platform/events"
	"parley/internal/platform/fault"
	"parley/internal/platform/id"
)

// CreateChat sets up a chat with a web connection. What is not named gets its default.
func (s *Service) CreateChat(ctx context.Context, actor access.Actor, change SettingsChange) (Configuration, error) {
	settings, err := change.apply(defaultSettings()).checked()
	if err != nil {
		return Configuration{}, err
	}
	var out Configuration
	err = s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		number, err := s.accounts.NextNumberTx(ctx, tx, actor.CompanyID, "chat")
		if err != nil {
			return err
		}
		now := s.clock.Now()
		row, err := settings.row()
		if err != nil {
			return err
		}
		row.CompanyID, row.ID, row.Number, row.CreatedAt = actor.CompanyID, id.New(now), number, now
		if err := s.q.InsertChat(ctx, tx, chatdb.InsertChatParams{
			CompanyID: row.CompanyID, ID: row.ID, Number: number, Name: row.Name, Sharing: row.Sharing, Sticky: row.Sticky,
			LifetimeHours: row.LifetimeHours, OperatorIdleMinutes: row.OperatorIdleMinutes, FirstTargetS: row.FirstTargetS,
			NextTargetS: row.NextTargetS, BusyText: row.BusyText, ClosingResults: row.ClosingResults, ResultRequired: row.ResultRequired,
			OperatorNameShown: row.OperatorNameShown, Languages: row.Languages, Look: row.Look, GreetOnOpen: row.GreetOnOpen, CreatedAt: now,
		}); err != nil {
			return chatNameErr("insert chat", err)
		}
		entry, err := s.connections.CreateWebTx(ctx, tx, actor.CompanyID, connection.NewWeb{Name: settings.Name, AllowedSites: settings.AllowedSites})
		if err != nil {
			return err
		}
		err = s.q.LinkConnection(ctx, tx, chatdb.LinkConnectionParams{CompanyID: actor.CompanyID, ConnectionID: entry.ID, ChatID: row.ID})
		if err != nil {
			return fmt.Errorf("link connection: %w", err)
		}
		if err := s.linkGroupsTx(ctx, tx, actor.CompanyID, row.ID, settings.Groups); err != nil {
			return err
		}
		if out, err = s.configurationTx(ctx, tx, actor.CompanyID, row.ID); err != nil {
			return err
		}
		return s.settingsChangedTx(ctx, tx, actor, account.Change{
			Action: "chat.created", Subject: "chat:" + row.ID.String(),
			Old: defaultSettings(), New: out.Settings, // what was chosen, and not all that there is to choose
		}, SettingsChanged{ChatID: &row.ID})
	})
	return out, err
}

// ChangeChat changes the named settings of a chat that is at the version its editor saw; nil
// is any version.
func (s *Service) ChangeChat(ctx context.Context, actor access.Actor, chatID uuid.UUID, version *int, change SettingsChange) (Configuration, error) {
	var out Configuration
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		before, err := s.lockChatTx(ctx, tx, actor.CompanyID, chatID, version)
		if err != nil {
			return err
		}
		settings, err := change.apply(before.Settings).checked()
		if err != nil {
			return err
		}
		row, err := settings.row()
		if err != nil {
			return err
		}
		if err := s.q.UpdateChat(ctx, tx, chatdb.UpdateChatParams{
			CompanyID: actor.CompanyID, ID: chatID, Name: row.Name, Sharing: row.Sharing, Sticky: row.Sticky,
			LifetimeHours: row.LifetimeHours, OperatorIdleMinutes: row.OperatorIdleMinutes, FirstTargetS: row.FirstTargetS,
			NextTargetS: row.NextTargetS, BusyText: row.BusyText, ClosingResults: row.ClosingResults, ResultRequired: row.ResultRequired,
			OperatorNameShown: row.OperatorNameShown, Languages: row.Languages, Look: row.Look, GreetOnOpen: row.GreetOnOpen,
		}); err != nil {
			return chatNameErr("update chat", err)
		}
		if err := s.changeLinksTx(ctx, tx, actor.CompanyID, before, settings); err != nil {
			return err
		}
		if out, err = s.configurationTx(ctx, tx, actor.CompanyID, chatID); err != nil {
			return err
		}
		return s.settingsChangedTx(ctx, tx, actor, account.Change{
			Action: "chat.changed", Subject: "chat:" + chatID.String(), Old: before.Settings, New: out.Settings,
		}, SettingsChanged{ChatID: &chatID})
	})
	return out, err
}

// ArchiveChat ends a chat: its widget goes from the sites, its dialogs stay and can be
// answered to the end. An archived chat is archived again without effect.
func (s *Service) ArchiveChat(ctx context.Context, actor access.Actor, chatID uuid.UUID) (Configuration, error) {
	var out Configuration
	err := s.db.InCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		row, err := s.q.LockChat(ctx, tx, chatdb.LockChatParams{CompanyID: actor.CompanyID, ID: chatID})
		if err != nil {
			return chatErr(err)
		}
		if row.State == "active" {
			if err := s.archiveTx(ctx, tx, actor, chatID); err != nil {
				return err
			}
		}
		out, err = s.configurationTx(ctx, tx, actor.CompanyID, chatID)
		return err
	})
	return out, err
}

func (s *Service) archiveTx(ctx context.Context, tx *db.Tx, actor access.Actor, chatID uuid.UUID) error {
	if err := s.q.ArchiveChat(ctx, tx, chatdb.ArchiveChatParams{CompanyID: actor.CompanyID, ID: chatID}); err != nil {
		return fmt.Errorf("archive chat: %w", err)
	}
	links, err := s.q.ConnectionsOfChats(ctx, tx, chatdb.ConnectionsOfChatsParams{CompanyID: actor.CompanyID, ChatIds: []uuid.UUID{chatID}})
	if err != nil {
		return fmt.Errorf("read connections of chat: %w", err)
	}
	for _, link := range links {
		if err := s.connections.SetStateTx(ctx, tx, actor.CompanyID, link.ConnectionID, connection.Disabled); err != nil {
			return err
		}
	}
	return s.settingsChangedTx(ctx, tx, actor, account.Change{
		Action: "chat.archived", Subject: "chat:" + chatID.String(),
		Old: map[string]string{"state": "active"}, New: map[string]string{"state": "archived"},
	}, SettingsChanged{ChatID: &chatID})
}

// Chat returns how a chat is set up.
func (s *Service) Chat(ctx context.Context, actor access.Actor, chatID uuid.UUID) (Configuration, error) {
	var out Configuration
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) (err error) {
		out, err = s.configurationTx(ctx, tx, actor.CompanyID, chatID)
		return err
	})
	return out, err
}

// Chats lists the company's chats by number, archived ones last.
func (s *Service) Chats(ctx context.Context, actor access.Actor, page Paging) (List[Configuration], error) {
	after := chatdb.ListChatsParams{CompanyID: actor.CompanyID, MaxRows: int32(page.limit() + 1)}
	if page.Cursor != "" {
		keys, err := cursor.Decode("chats", page.Cursor, 2)
		if err != nil {
			return List[Configuration]{}, err
		}
		after.AfterArchived = keys[0] == "archived"
		if after.AfterNumber, err = strconv.ParseInt(keys[1], 10, 64); err != nil {
			return List[Configuration]{}, cursor.Invalid()
		}
	}
	var out List[Configuration]
	err := s.db.ViewCompany(ctx, actor.CompanyID, func(tx *db.Tx) error {
		rows, err := s.q.ListChats(ctx, tx, after)
		if err != nil {
			return fmt.Errorf("list chats: %w", err)
		}
		items, err := s.configurationsTx(ctx, tx, actor.CompanyID, rows)
		out = listOf(items, page.limit(), func(c Configuration) string {
			return cursor.Encode("chats", c.State, strconv.FormatInt(c.Number, 10))
		})
		return err
	})
	return out, err
}

// lockChatTx locks a chat that is active and at the version.
func (s *Service) lockChatTx(ctx context.Context, tx *db.Tx, companyID int64, chatID uuid.UUID, version *int) (Configuration, error) {
	row, err := s.q.LockChat(ctx, tx, chatdb.LockChatParams{CompanyID: companyID, ID: chatID})
	if err != nil {
		return Configuration{}, chatErr(err)
	}
	if version != nil && *version != row.Version {
		return Configuration{}, fault.New(fault.VersionConflict, "Somebody has changed this chat since you opened it.").With("version", row.Version)
	}
	if row.State != "active" {
		return Configuration{}, fault.New(fault.Conflict, "The chat is archived.")
	}
	all, err := s.configurationsTx(ctx, tx, companyID, []chatdb.Chat{row})
	if err != nil {
		return Configuration{}, err
	}
	return all[0], nil
}

func (s *Service) changeLinksTx(ctx context.Context, tx *db.Tx, companyID int64, before Configuration, after Settings) error {
	for _, c := range before.Connections {
		if !slices.Equal(before.AllowedSites, after.AllowedSites) {
			if err := s.connections.SetSitesTx(ctx, tx, companyID, c.ID, after.AllowedSites); err != nil {
				return err
			}
		}
		if before.Name != after.Name {
			if err := s.connections.SetNameTx(ctx, tx, companyID, c.ID, after.Name); err != nil {
				return err
			}
		}
	}
	if slices.Equal(before.Groups, after.Groups) {
		return nil
	}
	err := s.q.UnlinkGroups(ctx, tx, chatdb.UnlinkGroupsParams{CompanyID: companyID, ChatID: before.ID})
	if err != nil {
		return fmt.Errorf("unlink groups: %w", err)
	}
	return s.linkGroupsTx(ctx, tx, companyID, before.ID, after.Groups)
}

func (s *Service) linkGroupsTx(ctx context.Context, tx *db.Tx, companyID int64, chatID uuid.UUID, groups []uuid.UUID) error {
	live, err := s.q.LiveGroups(ctx, tx, chatdb.LiveGroupsParams{CompanyID: companyID, Ids: groups})
	if err != nil {
		return fmt.Errorf("read groups: %w", err)
	}
	var p problems
	for i, group := range groups {
		if !slices.Contains(live, group) {
			p.add("groups."+strconv.Itoa(i), fault.UnknownName, "There is no such group.")
		}
	}
	if err := p.err(); err != nil {
		return err
	}
	err = s.q.LinkGroups(ctx, tx, chatdb.LinkGroupsParams{CompanyID: companyID, ChatID: chatID, GroupIds: groups})
	if err != nil {
		return fmt.Errorf("link groups: %w", err)
	}
	return nil
}

// settingsChangedTx records a change and lets everybody go by it.
func (s *Service) settingsChangedTx(ctx context.Context, tx *db.Tx, actor access.Actor, change account.Change, e SettingsChanged) error {
	s.live.RecheckCompanyTx(tx, actor.CompanyID) // groups decide who sees the queue
	if err := s.accounts.RecordTx(ctx, tx, actor, change); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.ForgetRules(actor.CompanyID) })
	return events.PublishTx(ctx, tx, actor.CompanyID, e)
}

func chatErr(err error) error {
	if db.NoRows(err) {
		return fault.New(fault.NotFound, "There is no such chat.")
	}
	return fmt.Errorf("read chat: %w", err)
}

func chatNameErr(what string, err error) error {
	if db.Unique(err, "chat_name") {
		return fault.Field("name", fault.Taken, "Another chat has this name.")
	}
	return fmt.Errorf("%s: %w", what, err)
}

func (s *Service) configurationTx(ctx context.Context, tx *db.Tx, companyID int64, chatID uuid.UUID) (Configuration, error) {
	row, err := s.q.ChatByID(ctx, tx, chatdb.ChatByIDParams{CompanyID: companyID, ID: chatID})
	if err != nil {
		return Configuration{}, chatErr(err)
	}
	all, err := s.configurationsTx(ctx, tx, companyID, []chatdb.Chat{row})
	if err != nil {
		return Configuration{}, err
	}
	return all[0], nil
}
