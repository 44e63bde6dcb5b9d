import {
  type Icon,
  IconAddressBook,
  IconBuildingBank,
  IconBuildingStore,
  IconFileInvoice,
  IconHome,
  IconInbox,
  IconMessages,
  IconReceipt2,
  IconSettings,
  IconSpeakerphone,
  IconUsers,
} from '@tabler/icons-react'
import type { LinkProps } from '@tanstack/react-router'
import { landingPath } from '@/lib/session/landing'
import type { Session } from '@/lib/session/session'

export interface Place {
  key: string
  /** Full key of the label's text. */
  label: string
  /** The same in one short word, for the bar of a phone. */
  short?: string
  icon: Icon
  link: LinkProps
  /** What every address of this place begins with, below the company. */
  below: string
}

/** places lists what exists and what the person may see, in the order of the rail. */
export function places(session: Session): Place[] {
  const { company, membership, may } = session
  const params = { company: company.id }
  const list: (Place | false)[] = [
    landingPath(membership) === `/c/${company.id}` && {
      key: 'home',
      label: 'frame:nav.home',
      icon: IconHome,
      link: { to: '/c/$company', params },
      below: '',
    },
    may('panel.use') && {
      key: 'panel',
      label: 'frame:nav.panel',
      short: 'frame:nav.panelShort',
      icon: IconInbox,
      link: { to: '/c/$company/panel', params },
      below: 'panel',
    },
    may('chats.view') && {
      key: 'chats',
      label: 'frame:nav.chats',
      icon: IconMessages,
      link: { to: '/c/$company/chats', params },
      below: 'chats',
    },
    may('texts.view') && {
      key: 'campaigns',
      label: 'frame:nav.campaigns',
      icon: IconSpeakerphone,
      link: { to: '/c/$company/campaigns', params },
      below: 'campaigns',
    },
    may('contact_lists.manage') && {
      key: 'contactLists',
      label: 'frame:nav.contactLists',
      short: 'frame:nav.contactListsShort',
      icon: IconAddressBook,
      link: { to: '/c/$company/contact-lists', params },
      below: 'contact-lists',
    },
    may('users.view') && {
      key: 'users',
      label: 'frame:nav.users',
      icon: IconUsers,
      link: { to: '/c/$company/users', params },
      below: 'users',
    },
    may('charges.view') && {
      key: 'account',
      label: 'frame:nav.account',
      short: 'frame:nav.accountShort',
      icon: IconReceipt2,
      link: { to: '/c/$company/account', params },
      below: 'account',
    },
    may('invoices.view') &&
      company.kind !== 'platform' && {
        key: 'invoices',
        label: 'frame:nav.invoices',
        icon: IconFileInvoice,
        link: { to: '/c/$company/statistics/invoices', params },
        below: 'statistics/invoices',
      },
    may('reseller.dependents') && {
      key: 'dependents',
      label: 'frame:nav.dependents',
      short: 'frame:nav.dependentsShort',
      icon: IconBuildingStore,
      link: { to: '/c/$company/dependents/invoices', params },
      below: 'dependents',
    },
    may('company.details') && {
      key: 'settings',
      label: 'frame:nav.settings',
      icon: IconSettings,
      link: { to: '/c/$company/settings/information', params },
      below: 'settings',
    },
    (may('platform.companies') || may('platform.prices')) && {
      key: 'backOffice',
      label: 'frame:nav.backOffice',
      short: 'frame:nav.backOfficeShort',
      icon: IconBuildingBank,
      link: {
        to: may('platform.companies')
          ? '/c/$company/back-office/companies'
          : '/c/$company/back-office/price-lists',
        params,
      },
      below: 'back-office',
    },
  ]
  return list.filter((place) => place !== false)
}

/** isAt tells whether an address belongs to a place. */
export function isAt(place: Place, company: number, pathname: string): boolean {
  const rest = pathname.replace(`/c/${company}`, '').replace(/^\/|\/$/g, '')
  return place.below === ''
    ? rest === ''
    : rest === place.below || rest.startsWith(`${place.below}/`)
}
