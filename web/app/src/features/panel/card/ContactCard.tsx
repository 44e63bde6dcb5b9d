import { ActionIcon, Skeleton, Stack } from '@mantine/core'
import { formatDate } from '@parley/shared/time'
import { IconArrowLeft, IconExternalLink } from '@tabler/icons-react'
import { asApiError } from '@/lib/api/error'
import type { Dialog } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession, useZone } from '@/lib/session/session'
import { Avatar } from '@/ui/Avatar'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { useSecond } from '../data/clock'
import { usePanel } from '../data/PanelContext'
import { usePanelAddress } from '../data/usePanelAddress'
import { useDialog } from '../data/useThread'
import { localTime } from '../model/localTime'
import type { Mode } from '../PanelPage'
import classes from './ContactCard.module.css'
import { EditableField } from './EditableField'
import { EditableNote, EditableTags } from './EditableTags'
import { Sessions } from './Sessions'
import { useSaveContact } from './useSaveContact'

interface Props {
  dialog: string
  mode: Mode
  className?: string
}

/** ContactCard is who is at the other end: what is known, what was before. */
export function ContactCard({ dialog, mode, className }: Props) {
  const { t } = useTranslation('panel')
  const { company } = usePanel()
  const { setCard } = usePanelAddress()
  const detail = useDialog(company, dialog)
  const gone = asApiError(detail.error).status === 404
  return (
    <aside className={`${classes.card} ${className ?? ''}`} aria-label={t('panel:card.title')}>
      {mode === 'pages' && (
        <div className={classes.bar}>
          <ActionIcon size={44} aria-label={t('panel:card.back')} onClick={() => setCard(false)}>
            <IconArrowLeft size={20} />
          </ActionIcon>
          <h2 className={classes.barTitle}>{t('panel:card.title')}</h2>
        </div>
      )}
      {gone ? null : detail.data ? (
        <Content detail={detail.data} />
      ) : detail.error ? (
        // Beside the thread, the thread says it.
        mode !== 'full' && <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
      ) : (
        <Stack gap="md" p="md" role="status" aria-label={t('ui:loading')}>
          <Skeleton height={44} circle />
          <Skeleton height={14} width="60%" />
          <Skeleton height={12} />
          <Skeleton height={12} width="80%" />
          <Skeleton height={80} mt="md" />
        </Stack>
      )}
    </aside>
  )
}

function Content({ detail }: { detail: Dialog }) {
  const { t } = useTranslation('panel')
  const { may } = useSession()
  const { contact, head } = detail
  const save = useSaveContact(head.dialog_id, contact.id)
  const editable = may('contacts.edit')
  return (
    <>
      <div className={classes.who}>
        <Avatar name={contact.name} id={contact.id} size={44} />
        <EditableField
          label={t('panel:card.name')}
          value={contact.name}
          maxLength={100}
          required
          big
          editable={editable}
          onSave={(name) => save({ name })}
        />
      </div>
      <div className={classes.part}>
        <EditableField
          label={t('panel:card.phone')}
          value={contact.phone}
          type="tel"
          maxLength={32}
          editable={editable}
          onSave={(phone) => save({ phone })}
        />
        <EditableField
          label={t('panel:card.email')}
          value={contact.email}
          type="email"
          maxLength={254}
          editable={editable}
          onSave={(email) => save({ email })}
        />
        <EditableTags
          value={contact.tags ?? []}
          editable={editable}
          onSave={(tags) => save({ tags })}
        />
      </div>
      <div className={classes.part}>
        <EditableNote value={contact.note} editable={editable} onSave={(note) => save({ note })} />
      </div>
      <Facts detail={detail} />
      <Sessions detail={detail} />
      <Ids detail={detail} />
    </>
  )
}

function Facts({ detail: { contact } }: { detail: Dialog }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const zone = useZone()
  const time = localTime(contact.time_zone, useSecond(), locale)
  const language = languageName(contact.language, locale)
  return (
    <section className={classes.part} aria-label={t('panel:card.visit')}>
      <h3 className={classes.heading}>{t('panel:card.visit')}</h3>
      {contact.page?.url && <Page page={contact.page} />}
      <dl className={classes.facts}>
        {time && (
          <div>
            <dt>{t('panel:card.localTime')}</dt>
            <dd>
              <span className="numbers">{time.clock}</span>{' '}
              <span className={classes.soft}>{time.offset}</span>
            </dd>
          </div>
        )}
        {language && (
          <div>
            <dt>{t('panel:card.language')}</dt>
            <dd>{language}</dd>
          </div>
        )}
        <div>
          <dt>{t('panel:card.firstSeen')}</dt>
          <dd>{formatDate(contact.first_seen_at, locale, zone)}</dd>
        </div>
      </dl>
    </section>
  )
}

function languageName(code: string, locale: string): string | undefined {
  if (!code) return undefined
  try {
    const name = new Intl.DisplayNames(locale, { type: 'language' }).of(code)
    return name && name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
  } catch {
    return code
  }
}

/** The address comes from a stranger's browser: only the web is linked, and it learns nothing from us. */
function Page({ page }: { page: { url: string; title: string } }) {
  const { t } = useTranslation('panel')
  const safe = URL.canParse(page.url) && /^https?:$/.test(new URL(page.url).protocol)
  const shown = safe ? new URL(page.url).host + new URL(page.url).pathname : page.url
  return (
    <div className={classes.page}>
      <span className={classes.soft}>{t('panel:card.page')}</span>
      {page.title && <bdi className={classes.pageTitle}>{page.title}</bdi>}
      {safe ? (
        <a href={page.url} target="_blank" rel="noopener noreferrer nofollow" title={page.url}>
          <span>{shown}</span>
          <IconExternalLink size={13} aria-hidden />
        </a>
      ) : (
        <span>{shown}</span>
      )}
    </div>
  )
}

function Ids({ detail: { head, contact } }: { detail: Dialog }) {
  const { t } = useTranslation('panel')
  return (
    <section className={classes.part} aria-label={t('panel:card.ids')}>
      <dl className={classes.facts}>
        <div>
          <dt>{t('panel:card.dialog')}</dt>
          <dd>
            <CopyId id={head.dialog_id} label={String(head.number)} />
          </dd>
        </div>
        {head.session_id && (
          <div>
            <dt>{t('panel:card.session')}</dt>
            <dd>
              <CopyId id={head.session_id} label={String(head.session_number ?? '')} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t('panel:card.contact')}</dt>
          <dd>
            <CopyId id={contact.id} label={contact.id.slice(0, 8)} />
          </dd>
        </div>
      </dl>
    </section>
  )
}
