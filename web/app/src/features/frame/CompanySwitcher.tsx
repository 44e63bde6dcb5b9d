import { TextInput } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Membership } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import classes from './Menus.module.css'

export function matching(memberships: Membership[], typed: string): Membership[] {
  const wanted = typed.trim().toLocaleLowerCase()
  return memberships.filter(
    ({ company }) =>
      company.name.toLocaleLowerCase().includes(wanted) || String(company.id).includes(wanted),
  )
}

/** CompanySwitcher leads to another company of the same person; the search comes with the sixth company. */
export function CompanySwitcher({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('frame')
  const { memberships, company } = useSession()
  const [typed, setTyped] = useState('')
  const found = matching(memberships, typed)
  return (
    <div className={classes.group}>
      <p className={classes.heading}>{t('frame:menu.companies')}</p>
      {memberships.length > 5 && (
        <TextInput
          size="xs"
          aria-label={t('frame:menu.findCompany')}
          placeholder={t('frame:menu.findCompany')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <ul className={classes.companies}>
        {found.map((membership) => (
          <li key={membership.company.id}>
            <Link
              to="/c/$company"
              params={{ company: membership.company.id }}
              className={classes.company}
              activeOptions={{ exact: true }}
              data-current={membership.company.id === company.id}
              onClick={onLeave}
            >
              <span className={classes.companyName}>{membership.company.name}</span>
              <span className={classes.number}>{membership.company.id}</span>
              {membership.unread > 0 && (
                <span
                  className={classes.badge}
                  title={t('frame:unread', { count: membership.unread })}
                >
                  {membership.unread}
                </span>
              )}
              {membership.company.id === company.id && <IconCheck size={16} aria-hidden />}
            </Link>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={classes.soft}>{t('frame:menu.noCompany')}</p>}
    </div>
  )
}
