import { ActionIcon, UnstyledButton } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCheck,
  IconCircleCheck,
  IconFileInvoice,
  IconFiles,
  IconReceipt2,
  IconWallet,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import type { Notice } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Time } from '@/ui/Time'
import { targetOf, wordsOf } from './model'
import classes from './NoticeList.module.css'

const icons: Record<Notice['kind'], [Icon: typeof IconWallet, meaning: string]> = {
  low_balance: [IconWallet, 'warning'],
  credit_ending: [IconWallet, 'warning'],
  service_suspended: [IconAlertTriangle, 'bad'],
  service_restored: [IconCircleCheck, 'good'],
  invoice: [IconFileInvoice, 'info'],
  documents_of_month: [IconFiles, 'info'],
  payment_received: [IconReceipt2, 'good'],
  fee_unpaid: [IconWallet, 'warning'],
  fee_paused: [IconAlertTriangle, 'bad'],
}

interface Props {
  notice: Notice
  onRead: () => void
  onLeave: () => void
}

/** NoticeRow leads to what it speaks of; whoever goes there has read it. */
export function NoticeRow({ notice, onRead, onLeave }: Props) {
  const { t } = useTranslation('notice')
  const { company, may } = useSession()
  const locale = useLocale()
  const { title } = wordsOf(notice, locale, t)
  const target = targetOf(notice, company.id, may)
  const row = useRef<HTMLLIElement>(null)
  const mark = () => {
    onRead()
    row.current?.querySelector<HTMLElement>('a, button')?.focus()
  }
  const take = () => {
    if (!notice.read) onRead()
    if (target) onLeave()
  }
  return (
    <li ref={row} className={classes.row} data-unread={!notice.read}>
      {target ? (
        <Link {...target} className={classes.main} onClick={take}>
          <Words notice={notice} />
        </Link>
      ) : (
        <UnstyledButton className={classes.main} onClick={take}>
          <Words notice={notice} />
        </UnstyledButton>
      )}
      {!notice.read && (
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.mark}
          onClick={mark}
          aria-label={t('notice:read', { title })}
          title={t('notice:markRead')}
        >
          <IconCheck size={16} aria-hidden />
        </ActionIcon>
      )}
    </li>
  )
}

function Words({ notice }: { notice: Notice }) {
  const { t } = useTranslation('notice')
  const { title, text } = wordsOf(notice, useLocale(), t)
  const [Icon, meaning] = icons[notice.kind]
  return (
    <>
      <span className={classes.icon} data-meaning={meaning}>
        <Icon size={18} stroke={1.6} aria-hidden />
      </span>
      <span className={classes.words}>
        <span className={classes.name}>
          {title}
          {!notice.read && <span className="visually-hidden"> {t('notice:unread')}</span>}
        </span>
        <span className={classes.text}>{text}</span>
        <span className={classes.time}>
          <Time at={notice.at} as="recent" />
        </span>
      </span>
    </>
  )
}
