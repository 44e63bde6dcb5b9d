package access

import (
	"slices"

	"github.com/google/uuid"
)

// Permission is one thing an actor may do. It is part of the API: the web app
// hides what its user may not do by these names.
type Permission string

// The permissions.
const (
	CompanyView        Permission = "company.view"
	CompanyManage      Permission = "company.manage"
	CompanyDetails     Permission = "company.details" // billing details: see and change them
	UsersView          Permission = "users.view"
	UsersManage        Permission = "users.manage"
	ChatsView          Permission = "chats.view"
	ChatsManage        Permission = "chats.manage"
	GroupsManage       Permission = "groups.manage"
	PanelUse           Permission = "panel.use"
	PanelSupervise     Permission = "panel.supervise"
	ContactsView       Permission = "contacts.view"
	ContactsEdit       Permission = "contacts.edit"
	ContactListsManage Permission = "contact_lists.manage" // lists, imports and exclusions
	QuickRepliesManage Permission = "quick_replies.manage"
	BalanceView        Permission = "balance.view"
	PricesView         Permission = "prices.view"
	ChargesView        Permission = "charges.view"
	InvoicesView       Permission = "invoices.view"
	InvoicesCreate     Permission = "invoices.create"
	AuditView          Permission = "audit.view"
	TextsView          Permission = "texts.view"
	TextsSend          Permission = "texts.send"
	CampaignsManage    Permission = "campaigns.manage"

	ResellerDependents Permission = "reseller.dependents"

	PlatformCompanies Permission = "platform.companies"
	PlatformPrices    Permission = "platform.prices"
	PlatformDeposits  Permission = "platform.deposits"
	PlatformTexts     Permission = "platform.texts" // what people agree to
	PlatformGateways  Permission = "platform.gateways"
)

// Self marks routes on which every signed-in user acts on their own data, and
// Public those that need nobody. They are declarations, never granted.
const (
	Self   Permission = "self"
	Public Permission = "public"
)

// Role is what a membership allows.
type Role string

// The roles.
const (
	Owner         Role = "owner"
	Administrator Role = "administrator"
	Operator      Role = "operator"
	Analyst       Role = "analyst"
	Accountant    Role = "accountant"
	BotArchitect  Role = "bot_architect"
)

// Roles lists every role, strongest first.
var Roles = []Role{Owner, Administrator, Operator, Analyst, Accountant, BotArchitect}

// CompanyKind is the place of a company in the tree.
type CompanyKind string

// The kinds of companies.
const (
	Platform CompanyKind = "platform"
	Reseller CompanyKind = "reseller"
	Company  CompanyKind = "company"
)

var company = []Permission{
	CompanyView, CompanyManage, CompanyDetails, UsersView, UsersManage, ChatsView, ChatsManage, GroupsManage,
	PanelUse, PanelSupervise, ContactsView, ContactsEdit, ContactListsManage, QuickRepliesManage,
	BalanceView, PricesView, ChargesView, InvoicesView, InvoicesCreate, AuditView,
	TextsView, TextsSend, CampaignsManage,
}

var byRole = map[Role][]Permission{
	Owner:         company,
	Administrator: company,
	Operator:      {CompanyView, PanelUse, ContactsView, ContactsEdit},
	Analyst:       {CompanyView, ChatsView},
	Accountant:    {CompanyView, CompanyDetails, BalanceView, PricesView, ChargesView, InvoicesView, InvoicesCreate},
	BotArchitect:  {CompanyView, ChatsView, ChatsManage},
}

var byKind = map[CompanyKind][]Permission{
	Platform: {PlatformCompanies, PlatformPrices, PlatformDeposits, PlatformTexts, PlatformGateways},
	Reseller: {ResellerDependents},
}

// All lists every permission that can be granted.
func All() []Permission {
	return slices.Concat(company, byKind[Reseller], byKind[Platform])
}

// Grant says what the roles allow in a company of the kind. With
// operatorsSeePrices the company shows balance and prices to its operators.
// The result is sorted and free of doubles.
func Grant(kind CompanyKind, roles []Role, operatorsSeePrices bool) []Permission {
	var out []Permission
	for _, r := range roles {
		out = append(out, byRole[r]...)
		if r == Owner || r == Administrator {
			out = append(out, byKind[kind]...)
		}
		if r == Operator && operatorsSeePrices {
			out = append(out, BalanceView, PricesView)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Actor is the user or program on whose behalf something is done. The zero
// value may do nothing.
type Actor struct {
	UserID      int64
	CompanyID   int64 // 0 outside a company
	Kind        CompanyKind
	Roles       []Role
	Permissions []Permission
	SignInID    uuid.UUID
	IP          string
}

// May says whether the actor holds the permission in its company.
func (a Actor) May(p Permission) bool { return slices.Contains(a.Permissions, p) }

// Person returns the number of the user who acts, or nil for a program.
func (a Actor) Person() *int64 {
	if a.UserID == 0 {
		return nil
	}
	return &a.UserID
}
