/** Written by hand until docs/api/openapi.yaml is complete; `npm run api` replaces it. */
interface Params {
  path?: Record<string, string | number>
  query?: object
}
interface Reply<R> {
  responses: {
    200: { content: { 'application/json': R } }
    default: { content: { 'application/problem+json': components['schemas']['Problem'] } }
  }
}
interface Empty {
  responses: {
    204: { content?: never }
    default: { content: { 'application/problem+json': components['schemas']['Problem'] } }
  }
}
interface Body<B> {
  requestBody: { content: { 'application/json': B } }
}
type In<P extends object = Record<never, never>, Q extends object = Record<never, never>> = {
  parameters: (keyof P extends never ? { path?: never } : { path: P }) & {
    query?: Q
    header?: { 'Idempotency-Key'?: string; 'If-Match'?: string }
  }
}
interface C {
  company: number
}
interface Page {
  limit?: number
  cursor?: string
}
interface ListOf<T> {
  items: T[]
  next_cursor: string | null
}
type S = components['schemas']

export interface paths {
  '/api/v1/platform': { get: In & Reply<S['Platform']> }
  '/api/v1/sign-in': { post: In & Body<{ login: string; password: string; remember: boolean }> & Reply<S['Me']> }
  '/api/v1/sign-out': { post: In & Empty }
  '/api/v1/me': { get: In & Reply<S['Me']>; patch: In & Body<Partial<Pick<S['User'], 'language' | 'theme' | 'dialog_order'>>> & Reply<S['Me']> }
  '/api/v1/me/last-company': { put: In & Body<{ company: number }> & Empty }
  '/api/v1/companies/{company}': { get: In<C> & Reply<S['Company']>; patch: In<C> & Body<Partial<Omit<S['Company'], 'currency' | 'id' | 'kind'>>> & Reply<S['Company']> }
  '/api/v1/companies/{company}/users': { get: In<C, Page & { q?: string }> & Reply<ListOf<S['CompanyUser']>> }
  '/api/v1/companies/{company}/users/{user}': { patch: In<C & { user: number }> & Body<{ dialog_limit?: number | null; roles?: S['Role'][]; blocked?: boolean; comment?: string }> & Reply<S['CompanyUser']> }
  '/api/v1/companies/{company}/audit-trail': { get: In<C, Page & { q?: string; from?: string; to?: string }> & Reply<ListOf<S['AuditEntry']>> }
  '/api/v1/companies/{company}/chats': { get: In<C, Page> & Reply<ListOf<S['Chat']>>; post: In<C> & Body<S['ChatPatch']> & Reply<S['Chat']> }
  '/api/v1/companies/{company}/chats/{chat}': { get: In<C & { chat: string }> & Reply<S['Chat']>; patch: In<C & { chat: string }> & Body<S['ChatPatch']> & Reply<S['Chat']> }
  '/api/v1/companies/{company}/chats/{chat}/archive': { post: In<C & { chat: string }> & Reply<S['Chat']> }
  '/api/v1/companies/{company}/groups': { get: In<C, Page> & Reply<ListOf<S['Group']>>; post: In<C> & Body<S['GroupInput']> & Reply<S['Group']> }
  '/api/v1/companies/{company}/groups/{group}': { patch: In<C & { group: string }> & Body<S['GroupInput']> & Reply<S['Group']>; delete: In<C & { group: string }> & Empty }
  '/api/v1/companies/{company}/quick-replies': { get: In<C, Page> & Reply<ListOf<S['QuickReply']>>; post: In<C> & Body<Omit<S['QuickReply'], 'id'>> & Reply<S['QuickReply']> }
  '/api/v1/companies/{company}/quick-replies/{reply}': { patch: In<C & { reply: string }> & Body<Partial<Omit<S['QuickReply'], 'id'>>> & Reply<S['QuickReply']>; delete: In<C & { reply: string }> & Empty }
  '/api/v1/companies/{company}/dialogs': { get: In<C, Page & { view?: 'mine' | 'queue' | 'unassigned' | 'all' | 'closed'; chat?: string; channel?: string; operator?: number; group?: string; tag?: string; unanswered?: boolean; from?: string; to?: string; q?: string; order?: S['User']['dialog_order'] }> & Reply<ListOf<S['DialogHead']>> }
  '/api/v1/companies/{company}/dialogs/counts': { get: In<C> & Reply<{ mine: number; queue: number; unassigned: number; all: number; unread: number }> }
  '/api/v1/companies/{company}/dialogs/{dialog}': { get: In<C & { dialog: string }> & Reply<S['Dialog']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/messages': { get: In<C & { dialog: string }, { before_seq?: number; after_seq?: number; limit?: number }> & Reply<ListOf<S['Message']>>; post: In<C & { dialog: string }> & Body<{ key: string; kind: 'reply' | 'note'; text: string; attachments: string[]; reply_to?: string }> & Reply<S['Message']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/take': { post: In<C & { dialog: string }> & Reply<S['DialogHead']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/hand-over': { post: In<C & { dialog: string }> & Body<{ operator?: number; group?: string; comment: string }> & Reply<S['DialogHead']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/close': { post: In<C & { dialog: string }> & Body<{ result?: string; comment: string }> & Reply<S['DialogHead']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/reopen': { post: In<C & { dialog: string }> & Reply<S['DialogHead']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/no-answer-needed': { post: In<C & { dialog: string }> & Reply<S['DialogHead']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/spam': { post: In<C & { dialog: string }> & Reply<S['DialogHead']> }
  '/api/v1/companies/{company}/dialogs/{dialog}/read': { post: In<C & { dialog: string }> & Body<{ seq: number }> & Empty }
  '/api/v1/companies/{company}/messages/{message}/money': { get: In<C & { message: string }> & Reply<S['MessageMoney']> }
  '/api/v1/companies/{company}/sessions/{session}/assignments': { get: In<C & { session: string }> & Reply<{ items: S['Assignment'][] }> }
  '/api/v1/companies/{company}/contacts/{contact}': { patch: In<C & { contact: string }> & Body<Partial<Pick<S['Contact'], 'name' | 'phone' | 'email' | 'tags' | 'note'>>> & Reply<S['Contact']> }
  '/api/v1/companies/{company}/operators': { get: In<C> & Reply<{ items: S['Operator'][] }> }
  '/api/v1/companies/{company}/operator-state': { get: In<C> & Reply<S['OwnState']>; put: In<C> & Body<{ state: S['Operator']['state'] }> & Reply<S['OwnState']> }
  '/api/v1/companies/{company}/panel-figures': { get: In<C> & Reply<S['PanelFigures']> }
  '/api/v1/companies/{company}/balance': { get: In<C> & Reply<S['Balance']> }
  '/api/v1/companies/{company}/entries': { get: In<C, Page & { kind?: S['Entry']['kind']; from?: string; to?: string }> & Reply<ListOf<S['Entry']> & { totals: { kind: S['Entry']['kind']; entries: number; amount: string }[] }> }
  '/api/v1/companies/{company}/entries/{entry}': { get: In<C & { entry: string }> & Reply<S['Entry']> }
  '/api/v1/companies/{company}/entries/{entry}/usage': { get: In<C & { entry: string }, Page> & Reply<ListOf<S['Usage']>> }
  '/api/v1/back-office/companies': { get: In<Record<never, never>, Page & { q?: string }> & Reply<ListOf<S['BackOfficeCompany']>> }
  '/api/v1/back-office/companies/{company}/deposits': { post: In<C> & Body<{ amount: string; reason: string }> & Reply<S['Entry']> }
  '/api/v1/back-office/companies/{company}/credit-limit': { put: In<C> & Body<{ amount: string }> & Empty }
  '/api/v1/back-office/companies/{company}/price-list': { put: In<C> & Body<{ price_list: string }> & Empty }
  '/api/v1/back-office/price-lists': { get: In<Record<never, never>, Page> & Reply<ListOf<S['PriceList']>>; post: In & Body<{ name: string; currency: string }> & Reply<S['PriceList']> }
  '/api/v1/back-office/price-lists/{list}': { get: In<{ list: string }> & Reply<S['PriceList']> }
  '/api/v1/back-office/price-lists/{list}/versions': { post: In<{ list: string }> & Body<{ valid_from?: string; below_cost?: boolean; items: { item: string; unit_price: string }[] }> & Reply<S['PriceList']> }
}

export interface components {
  schemas: {
    Problem: {
      type?: string
      title?: string
      status?: number
      code: string
      detail?: string
      fields?: Record<string, { code: string; message: string }>
      request_id?: string
      [extra: string]: unknown
    }
    Money: { amount: string; currency: string }
    Platform: { name: string; status: string; prices_published: boolean }
    Permission:
      | 'company.view'
      | 'users.view'
      | 'users.manage'
      | 'company.manage'
      | 'chats.view'
      | 'chats.manage'
      | 'groups.manage'
      | 'panel.use'
      | 'panel.supervise'
      | 'contacts.view'
      | 'contacts.edit'
      | 'quick_replies.manage'
      | 'balance.view'
      | 'prices.view'
      | 'charges.view'
      | 'audit.view'
      | 'reseller.dependents'
      | 'platform.companies'
      | 'platform.prices'
      | 'platform.deposits'
    Role: 'owner' | 'administrator' | 'operator' | 'analyst' | 'accountant' | 'bot_architect'
    User: {
      id: number
      name: string
      email: string
      phone: string
      language: 'en' | 'ru'
      theme: 'system' | 'light' | 'dark'
      dialog_order: 'newest' | 'unanswered_oldest' | 'waiting_longest'
    }
    Membership: {
      company: { id: number; name: string; kind: 'platform' | 'reseller' | 'company'; currency: string; time_zone: string }
      roles: components['schemas']['Role'][]
      permissions: components['schemas']['Permission'][]
      unread: number
    }
    Me: { user: components['schemas']['User']; memberships: components['schemas']['Membership'][]; last_company: number | null }
    Company: {
      id: number
      kind: 'platform' | 'reseller' | 'company'
      name: string
      time_zone: string
      currency: string
      max_dialogs: number
      operators_see_prices: boolean
    }
    CompanyUser: {
      id: number
      name: string
      email: string
      phone: string
      roles: components['schemas']['Role'][]
      dialog_limit: number | null
      state: 'online' | 'pause' | 'offline'
      blocked: boolean
      block_comment: string
      last_seen_at: string | null
    }
    AuditEntry: {
      id: string
      at: string
      user: { id: number; name: string } | null
      action: string
      subject: string
      old: unknown
      new: unknown
      ip: string
    }
    Bilingual: { ru: string; en: string }
    Chat: {
      id: string
      number: number
      name: string
      state: 'active' | 'archived'
      version: number
      connections: { id: string; channel: 'web'; name: string; public_key: string; state: string }[]
      groups: string[]
      sharing: 'least_loaded' | 'round_robin' | 'manual'
      sticky: boolean
      lifetime_hours: number
      busy_text: components['schemas']['Bilingual']
      operator_idle_minutes: number
      closing_results: { code: string; label: string }[]
      result_required: boolean
      first_target_s: number
      next_target_s: number
      operator_name_shown: boolean
      languages: ('ru' | 'en')[]
      allowed_sites: string[]
      look: {
        accent: string
        side: 'right' | 'left'
        launcher: 'bubble' | 'text'
        title: components['schemas']['Bilingual']
        greeting: components['schemas']['Bilingual']
        avatar_url: string
      }
      code: string
    }
    ChatPatch: Partial<Omit<components['schemas']['Chat'], 'id' | 'number' | 'state' | 'version' | 'connections' | 'code'>>
    Group: {
      id: string
      name: string
      members: { user_id: number; name: string; state: 'online' | 'pause' | 'offline' }[]
      first_target_s: number | null
      next_target_s: number | null
      sharing: 'least_loaded' | 'round_robin' | 'manual' | null
    }
    GroupInput: {
      name?: string
      members?: number[]
      first_target_s?: number | null
      next_target_s?: number | null
      sharing?: 'least_loaded' | 'round_robin' | 'manual' | null
    }
    QuickReply: { id: string; personal: boolean; folder: string; title: string; text: string }
    DialogHead: {
      dialog_id: string
      number: number
      chat_id: string
      channel: string
      contact: { id: string; name: string }
      state: 'bot' | 'queued' | 'open' | 'closed' | 'none'
      assignee: { id: number; name: string } | null
      group_id: string | null
      session_id: string | null
      session_number: number | null
      last: { seq: number; at: string; author: components['schemas']['Message']['author']; preview: string }
      unread: number
      waiting_since: string | null
      unanswered: boolean
      tags: string[]
      result: string | null
    }
    Contact: {
      id: string
      name: string
      phone: string
      email: string
      tags: string[]
      note: string
      page: { url: string; title: string } | null
      language: string
      time_zone: string
      first_seen_at: string
    }
    Dialog: {
      head: components['schemas']['DialogHead']
      contact: components['schemas']['Contact']
      session: { id: string; number: number; started_at: string; first_target_s: number; next_target_s: number } | null
      sessions: { id: string; number: number; started_at: string; closed_at: string | null; operator: string | null; result: string | null }[]
      contact_read_seq: number
      operator_read_seq: number
      draft_allowed: boolean
      actions: string[]
    }
    Attachment: { id: string; name: string; size: number; media_type: string; url: string; width: number | null; height: number | null }
    Message: {
      id: string
      dialog_id: string
      session_id: string | null
      seq: number
      author: 'contact' | 'operator' | 'bot' | 'system'
      author_name: string
      author_id: number | null
      kind: 'text' | 'file' | 'note' | 'system'
      text: string
      attachments: components['schemas']['Attachment'][]
      at: string
      state: 'sent' | 'read'
      reply_to: string | null
      key: string | null
      price?: components['schemas']['Money']
      system: { code: string; args: Record<string, string> } | null
    }
    MessageMoney: {
      phase: 'held' | 'captured' | 'released' | 'refunded'
      item: string
      quantity: number
      units: string
      levels: { level: 'retail' | 'wholesale'; price_version: string; unit_price: string; amount: string; currency: string; seller: string }[]
      charged_at: string
      period: string
      entry: { id: string; batch: string; posted_at: string } | null
      welcome_credit: boolean
    }
    Assignment: {
      at: string
      operator: { id: number; name: string }
      by: 'rule' | 'hand' | 'sticky'
      reason: {
        rule: string
        candidates: {
          user_id: number
          name: string
          online: boolean
          open: number
          limit: number
          last_assigned_at: string | null
          chosen: boolean
          why_not: string | null
        }[]
      }
    }
    Operator: { user_id: number; name: string; state: 'online' | 'pause' | 'offline'; since: string | null; open: number; limit: number }
    OwnState: { state: 'online' | 'pause' | 'offline'; since: string | null; open: number; limit: number }
    PanelFigures: { sessions_closed_today: number; first_answer_median_s: number | null; sl1: number | null; sl2: number | null }
    Balance: {
      currency: string
      balance: string
      available: string
      held: string
      credit_limit: string
      welcome_credit: string
      seller: { name: string }
      suspended: boolean
      days_left: number | null
    }
    Entry: {
      id: string
      number: number
      at: string
      kind: 'deposit' | 'charge' | 'refund' | 'adjustment'
      amount: string
      balance_after: string
      reason: string
      item: string | null
      quantity: number | null
      batch: string
      company: number | null
      currency: string
      welcome_credit: boolean
    }
    Usage: {
      reference: string
      company: number
      item: string
      quantity: number
      phase: 'held' | 'captured' | 'released' | 'refunded'
      amount: string
      wholesale_amount?: string
      at: string
      dialog_id?: string
    }
    BackOfficeCompany: {
      id: number
      name: string
      kind: 'platform' | 'reseller' | 'company'
      parent: { id: number; name: string } | null
      currency: string
      balance: string
      credit_limit: string
      spent_this_month: string
      status: 'active' | 'blocked' | 'closed'
      suspended: boolean
      created_at: string
    }
    PriceItem: { item: string; unit_price: string; cost?: string }
    PriceListVersion: { number: number; valid_from: string; items: components['schemas']['PriceItem'][] }
    PriceList: {
      id: string
      name: string
      currency: string
      created_at: string
      versions: components['schemas']['PriceListVersion'][]
      companies: number
    }
  }
}
