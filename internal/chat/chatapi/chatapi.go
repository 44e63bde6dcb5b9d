// Package chatapi is the HTTP face of package chat for the company's own people.
package chatapi

import (
	"parley/internal/access"
	"parley/internal/chat"
	"parley/internal/platform/fault"
	"parley/internal/platform/httpx"
)

// Register adds the operations of chats to the API.
func Register(api *httpx.API, chats *chat.Service) {
	h := handler{chats}
	h.registerSettings(api)
	h.registerGroups(api)
	h.registerQuickReplies(api)
	h.registerDialogs(api)
	h.registerAttachments(api)
	h.registerPanel(api)
	h.registerOperators(api)
}

type handler struct{ chats *chat.Service }

const company = "/api/v1/companies/{company}"

// mayRead lets in who reads settings, and who needs them to answer in the panel.
func mayRead(actor access.Actor) error {
	if actor.May(access.ChatsView) || actor.May(access.PanelUse) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your role does not allow this.").With("permission", string(access.ChatsView))
}
