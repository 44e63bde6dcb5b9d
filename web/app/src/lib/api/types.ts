import type { components, paths } from './schema'

type Schemas = components['schemas']

/** The document cannot say that a member which is an object or an id may be null; the names here do. */
type Nullable<T, K extends keyof T> = Omit<T, K> & { [P in K]: T[P] | null }

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never

export type Permission =
  | 'company.view'
  | 'users.view'
  | 'users.manage'
  | 'company.manage'
  | 'company.details'
  | 'chats.view'
  | 'chats.manage'
  | 'groups.manage'
  | 'panel.use'
  | 'panel.supervise'
  | 'contacts.view'
  | 'contacts.edit'
  | 'contact_lists.manage'
  | 'texts.view'
  | 'texts.send'
  | 'campaigns.manage'
  | 'quick_replies.manage'
  | 'balance.view'
  | 'prices.view'
  | 'charges.view'
  | 'invoices.view'
  | 'invoices.create'
  | 'audit.view'
  | 'reseller.dependents'
  | 'platform.companies'
  | 'platform.prices'
  | 'platform.deposits'
  | 'platform.texts'
  | 'platform.gateways'
export type Role =
  | 'owner'
  | 'administrator'
  | 'operator'
  | 'analyst'
  | 'accountant'
  | 'bot_architect'

export type Me = Schemas['AccountMe']
export type Membership = Schemas['AccountMembership']
export type Company = Schemas['AccountCompany']
export type Information = Schemas['AccountInformation']
export type PaperImage = Schemas['BillingPaperImage']
export type Requisites = Information['requisites']
export type Site = Schemas['AccountSite']
export type LegalTexts = Schemas['LegalTextsOutputBody']
export type LegalVersion = Schemas['AccountTextVersion']
export type SetupInput = Schemas['SetupInputBody']
export type SetupPlace = Schemas['ShowSetupOutputBody']
export type CompanyUser = Schemas['AccountCompanyUser']
export type AuditEntry = Nullable<Schemas['AccountAuditRecord'], 'user'>
export type OutgoingRoute = Nullable<Schemas['NotifyRoute'], 'state'>
export type Platform = Schemas['AccountPlatform']

export type Chat = Schemas['ChatConfiguration']
export type ChatPatch = Schemas['ChatSettingsChange']
export type Look = Schemas['ChatLook']
export type Group = Schemas['ChatGroup']
export type GroupInput = Schemas['ChatGroupChange']
export type Sharing = 'least_loaded' | 'round_robin' | 'manual'
export type QuickReply = Schemas['ChatQuickReply']

export type DialogHead = Nullable<Schemas['ChatHead'], 'assignee' | 'group_id' | 'session_id'>
export type Contact = Nullable<Schemas['Contact'], 'page'>
export type Dialog = Omit<Nullable<Schemas['ChatDialog'], 'session'>, 'head' | 'contact'> & {
  head: DialogHead
  contact: Contact
}
export type Message = Nullable<Schemas['ChatMessage'], 'session_id' | 'reply_to' | 'key' | 'system'>
export type Attachment = Schemas['ChatAttachment']
export type MessageMoney = Nullable<Schemas['MeteringCard'], 'entry'>
export type Assignment = Nullable<Schemas['ChatWhy'], 'by_user' | 'group_id'>
export type Operator = Schemas['ChatOperator']
export type OperatorState = Operator['state']
export type PanelFigures = Schemas['ChatFigures']
export type DialogOrder = Schemas['AccountUser']['dialog_order']
export type DialogQuery = Query<'/api/v1/companies/{company}/dialogs'>

export type Balance = Schemas['MeteringBalance']
export type Entry = Schemas['LedgerEntry']
export type EntryKind = Entry['kind']
export type Usage = Schemas['MeteringUsage']
export type Invoice = Schemas['BillingInvoice']
export type ListedInvoice = Schemas['BillingListed']
export type InvoiceLine = Schemas['BillingLine']
export type InvoiceUsage = Schemas['BillingUsage']
export type Payment = Schemas['BillingPayment']
export type PaymentInput = Schemas['BillingPaymentInput']
export type BackOfficeCompany = Nullable<Schemas['MeteringCompany'], 'parent'>
export type Notice = Schemas['NotifyNotice']
export type Notices = Nullable<Schemas['NoticesOutputBody'], 'pinned'>
export type Pin = Schemas['NotifyPin']
export type PriceList = Schemas['PricingPriceList']
export type PriceListVersion = Schemas['PricingPriceVersion']
export type Price = Schemas['PricingPrice']
export type PricedItem = Schemas['PricingPricedItem']
export type LineError = Schemas['PricingLineError']
export type Problem = Partial<Schemas['Problem']> & { code: string; [extra: string]: unknown }

export type ContactList = Schemas['ContactList']
export type ContactEntry = Schemas['ContactEntry']
export type ContactImport = Nullable<Schemas['ContactImport'], 'list'>
export type ContactColumn = Schemas['ContactColumn']
export type ContactReading = Schemas['ContactReading']
export type ContactPreview = Schemas['ContactPreview']
export type Exclusion = Schemas['ContactExclusion']

export type ListedText = Nullable<Schemas['MessagingListed'], 'campaign'>
export type Text = Nullable<Schemas['MessagingText'], 'campaign'>
export type NewText = Schemas['MessagingNewText']
export type TextState = ListedText['state']
export type TextChannel = ListedText['channel']
export type PartMoney = Nullable<Schemas['MessagingPartMoney'], 'entry'>
export type Campaign = Schemas['MessagingCampaign']
export type CampaignForm = Schemas['MessagingCampaignForm']
export type CampaignCount = Schemas['MessagingCount']
export type Gateway = Schemas['ConnectionGateway']
export type GatewayRoute = Schemas['ConnectionRoute']
