package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"html"

	"github.com/google/uuid"

	"parley/internal/chat/internal/chatdb"
	"parley/internal/platform/db"
)

// Texts are what contacts read, by language.
type Texts struct {
	RU string `json:"ru"`
	EN string `json:"en"`
}

func (t *Texts) in(language string) *string {
	if language == "ru" {
		return &t.RU
	}
	return &t.EN
}

// ClosingResult is what a session can be closed with. Its code stays when its label changes,
// so that statistics of the past keep their meaning.
type ClosingResult struct {
	Code  string `json:"code" required:"false" doc:"Made by the server when empty"`
	Label string `json:"label"`
}

// Look is how the widget looks.
type Look struct {
	Accent    string `json:"accent" doc:"#rrggbb"`
	Side      string `json:"side" doc:"right or left"`
	Launcher  string `json:"launcher" doc:"bubble or text"`
	Title     Texts  `json:"title"`
	Greeting  Texts  `json:"greeting"`
	AvatarURL string `json:"avatar_url" doc:"https, or empty"`
}

// ChatConnection is an entry to a chat.
type ChatConnection struct {
	ID        uuid.UUID `json:"id"`
	Channel   string    `json:"channel"`
	Name      string    `json:"name"`
	PublicKey string    `json:"public_key"`
	State     string    `json:"state" enum:"active,disabled"`
}

// Configuration is how a chat is set up.
type Configuration struct {
	ID          uuid.UUID        `json:"id"`
	Number      int64            `json:"number"`
	State       string           `json:"state" enum:"active,archived"`
	Version     int              `json:"version"`
	Connections []ChatConnection `json:"connections"`
	Code        string           `json:"code" doc:"The line to paste before </body>"`
	Settings
}

// Settings are what people set of a chat.
type Settings struct {
	Name                string          `json:"name"`
	Groups              []uuid.UUID     `json:"groups" doc:"In the order in which they are tried"`
	Sharing             string          `json:"sharing" doc:"least_loaded, round_robin or manual"`
	Sticky              bool            `json:"sticky" doc:"A contact comes back to the operator they had last"`
	LifetimeHours       int             `json:"lifetime_hours" doc:"Of silence, until a session is closed"`
	BusyText            Texts           `json:"busy_text"`
	OperatorIdleMinutes int             `json:"operator_idle_minutes" doc:"Until a session goes back to the queue"`
	ClosingResults      []ClosingResult `json:"closing_results"`
	ResultRequired      bool            `json:"result_required"`
	GreetOnOpen         bool            `json:"greet_on_open" doc:"The greeting is stored, and charged, when a visitor opens the widget, and not only with their first message"`
	FirstTargetS        int             `json:"first_target_s"`
	NextTargetS         int             `json:"next_target_s"`
	OperatorNameShown   bool            `json:"operator_name_shown"`
	Languages           []string        `json:"languages"`
	AllowedSites        []string        `json:"allowed_sites" doc:"Whose pages may show the widget; none: every site"`
	Look                Look            `json:"look"`
}

// SettingsChange names the settings that shall get a new value.
type SettingsChange struct {
	Name                *string          `json:"name,omitempty"`
	Groups              *[]uuid.UUID     `json:"groups,omitempty"`
	Sharing             *string          `json:"sharing,omitempty"`
	Sticky              *bool            `json:"sticky,omitempty"`
	LifetimeHours       *int             `json:"lifetime_hours,omitempty"`
	BusyText            *Texts           `json:"busy_text,omitempty"`
	OperatorIdleMinutes *int             `json:"operator_idle_minutes,omitempty"`
	ClosingResults      *[]ClosingResult `json:"closing_results,omitempty"`
	ResultRequired      *bool            `json:"result_required,omitempty"`
	GreetOnOpen         *bool            `json:"greet_on_open,omitempty"`
	FirstTargetS        *int             `json:"first_target_s,omitempty"`
	NextTargetS         *int             `json:"next_target_s,omitempty"`
	OperatorNameShown   *bool            `json:"operator_name_shown,omitempty"`
	Languages           *[]string        `json:"languages,omitempty"`
	AllowedSites        *[]string        `json:"allowed_sites,omitempty"`
	Look                *Look            `json:"look,omitempty"`
}

func (c SettingsChange) apply(to Settings) Settings {
	set(&to.Name, c.Name)
	set(&to.Groups, c.Groups)
	set(&to.Sharing, c.Sharing)
	set(&to.Sticky, c.Sticky)
	set(&to.LifetimeHours, c.LifetimeHours)
	set(&to.BusyText, c.BusyText)
	set(&to.OperatorIdleMinutes, c.OperatorIdleMinutes)
	set(&to.ClosingResults, c.ClosingResults)
	set(&to.ResultRequired, c.ResultRequired)
	set(&to.GreetOnOpen, c.GreetOnOpen)
	set(&to.FirstTargetS, c.FirstTargetS)
	set(&to.NextTargetS, c.NextTargetS)
	set(&to.OperatorNameShown, c.OperatorNameShown)
	set(&to.Languages, c.Languages)
	set(&to.AllowedSites, c.AllowedSites)
	set(&to.Look, c.Look)
	return to
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// SettingsChanged says that chats or groups of a company are set up differently.
type SettingsChanged struct {
	ChatID  *uuid.UUID `json:"chat_id,omitempty"`
	GroupID *uuid.UUID `json:"group_id,omitempty"`
}

// EventName names the event.
func (SettingsChanged) EventName() string { return "chat.settings_changed" }

func defaultSettings() Settings {
	return Settings{
		Groups: []uuid.UUID{}, Sharing: "least_loaded", LifetimeHours: 24, OperatorIdleMinutes: 5, FirstTargetS: 60, NextTargetS: 180,
		BusyText: Texts{
			RU: "Сейчас все операторы заняты. Ответим, как только кто-нибудь освободится.",
			EN: "All operators are busy at the moment. We will answer as soon as someone is free.",
		},
		ClosingResults: []ClosingResult{}, OperatorNameShown: true, Languages: []string{"ru", "en"}, AllowedSites: []string{},
		Look: Look{
			Accent: "#2563eb", Side: "right", Launcher: "bubble",
			Title:    Texts{RU: "Напишите нам", EN: "Chat with us"},
			Greeting: Texts{RU: "Здравствуйте! Чем помочь?", EN: "Hello! How can we help?"},
		},
	}
}

// row returns the settings as the chat's own row keeps them.
func (c Settings) row() (chatdb.Chat, error) {
	row := chatdb.Chat{
		Name: c.Name, Sharing: c.Sharing, Sticky: c.Sticky, LifetimeHours: c.LifetimeHours, OperatorIdleMinutes: c.OperatorIdleMinutes,
		FirstTargetS: c.FirstTargetS, NextTargetS: c.NextTargetS, ResultRequired: c.ResultRequired, GreetOnOpen: c.GreetOnOpen,
		OperatorNameShown: c.OperatorNameShown, Languages: c.Languages,
	}
	for field, value := range map[*json.RawMessage]any{&row.BusyText: c.BusyText, &row.ClosingResults: c.ClosingResults, &row.Look: c.Look} {
		data, err := json.Marshal(value)
		if err != nil {
			return chatdb.Chat{}, fmt.Errorf("write chat: %w", err)
		}
		*field = data
	}
	return row, nil
}

func configurationOf(r chatdb.Chat) (Configuration, error) {
	c := Configuration{
		ID: r.ID, Number: r.Number, State: r.State, Version: r.Version, Connections: []ChatConnection{},
		Settings: Settings{
			Name: r.Name, Groups: []uuid.UUID{}, Sharing: r.Sharing, Sticky: r.Sticky, LifetimeHours: r.LifetimeHours,
			OperatorIdleMinutes: r.OperatorIdleMinutes, FirstTargetS: r.FirstTargetS, NextTargetS: r.NextTargetS,
			ResultRequired: r.ResultRequired, GreetOnOpen: r.GreetOnOpen, OperatorNameShown: r.OperatorNameShown, Languages: r.Languages, AllowedSites: []string{},
		},
	}
	for _, part := range []struct {
		data json.RawMessage
		into any
	}{{r.BusyText, &c.BusyText}, {r.ClosingResults, &c.ClosingResults}, {r.Look, &c.Look}} {
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return Configuration{}, fmt.Errorf("read chat %s: %w", r.ID, err)
		}
	}
	return c, nil
}

// configurationsTx completes rows of chats with their entries and groups.
func (s *Service) configurationsTx(ctx context.Context, tx *db.Tx, companyID int64, rows []chatdb.Chat) ([]Configuration, error) {
	out := make([]Configuration, len(rows))
	ids := make([]uuid.UUID, len(rows))
	place := map[uuid.UUID]*Configuration{}
	for i, row := range rows {
		c, err := configurationOf(row)
		if err != nil {
			return nil, err
		}
		out[i], ids[i] = c, row.ID
		place[row.ID] = &out[i]
	}
	links, err := s.q.ConnectionsOfChats(ctx, tx, chatdb.ConnectionsOfChatsParams{CompanyID: companyID, ChatIds: ids})
	if err != nil {
		return nil, fmt.Errorf("read connections of chats: %w", err)
	}
	entries := make([]uuid.UUID, len(links))
	for i, link := range links {
		entries[i] = link.ConnectionID
	}
	known, err := s.connections.ByIDsTx(ctx, tx, companyID, entries)
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		c, entry := place[link.ChatID], known[link.ConnectionID]
		c.Connections = append(c.Connections, ChatConnection{entry.ID, entry.Channel, entry.Name, entry.PublicKey, string(entry.State)})
		c.AllowedSites = append(c.AllowedSites, entry.AllowedSites...)
		c.Code = s.widgetCode(entry.PublicKey)
	}
	groups, err := s.q.LinkedGroups(ctx, tx, chatdb.LinkedGroupsParams{CompanyID: companyID, ChatIds: ids})
	if err != nil {
		return nil, fmt.Errorf("read groups of chats: %w", err)
	}
	for _, g := range groups {
		place[g.ChatID].Groups = append(place[g.ChatID].Groups, g.GroupID)
	}
	return out, nil
}

// widgetCode is the line to paste into the pages of a site.
func (s *Service) widgetCode(publicKey string) string {
	return fmt.Sprintf(`<script async src="%s/widget.js" data-chat="%s"></script>`, html.EscapeString(s.publicURL), publicKey)
}
