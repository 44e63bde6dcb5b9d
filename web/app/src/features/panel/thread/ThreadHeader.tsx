import { ActionIcon, Button, Menu, Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconArrowLeft,
  IconBan,
  IconCheck,
  IconDots,
  IconHandStop,
  IconLayoutSidebarRight,
  IconMessageOff,
  IconRotate,
  IconUserShare,
  IconWorld,
} from '@tabler/icons-react'
import type { Dialog } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useConfirm } from '@/ui/Confirm'
import { StateBadge } from '@/ui/StateBadge'
import type { useAction } from '../data/useActions'
import { usePanelAddress } from '../data/usePanelAddress'
import { WaitingTime } from '../list/WaitingTime'
import { type ActionName, offers, type Role } from '../model/rights'
import { targetOf } from '../model/waiting'
import type { Mode } from '../PanelPage'
import type { Window } from './Thread'
import classes from './Thread.module.css'
import { WhyMe } from './WhyMe'

interface Props {
  detail: Dialog
  role: Role
  mode: Mode
  onOpen: (window: Window) => void
  action: ReturnType<typeof useAction>
}

/** ThreadHeader names the dialog, says how long the contact waits, and holds what can be done. */
export function ThreadHeader({ detail, role, mode, onOpen, action }: Props) {
  const { t } = useTranslation('panel')
  const { closeThread, setCard, search } = usePanelAddress()
  const { head } = detail
  return (
    <header className={classes.header} data-mode={mode}>
      {mode === 'pages' && (
        <ActionIcon size={44} aria-label={t('panel:thread.back')} onClick={closeThread}>
          <IconArrowLeft size={20} />
        </ActionIcon>
      )}
      <div className={classes.who}>
        <div className={classes.nameLine}>
          {mode === 'full' ? (
            <h2 className={classes.name}>
              <bdi>{head.contact.name}</bdi>
            </h2>
          ) : (
            <UnstyledButton
              className={classes.name}
              onClick={() => setCard(search.card !== true)}
              title={t('panel:card.title')}
            >
              <bdi>{head.contact.name}</bdi>
            </UnstyledButton>
          )}
          {mode !== 'pages' && <State role={role} />}
        </div>
        <div className={classes.facts}>
          {mode === 'pages' && <State role={role} />}
          <span className={classes.channel} title={t('panel:channel.web')}>
            <IconWorld size={13} aria-hidden />
            <span className="visually-hidden">{t('panel:channel.web')}</span>
          </span>
          <span>
            {t('panel:thread.number', { number: head.number })}
            {role === 'others' && head.assignee && ` · ${head.assignee.name}`}
          </span>
          {head.session_id && head.assignee && (
            <WhyMe session={head.session_id} operator={head.assignee.id}>
              <UnstyledButton className={classes.why} title={t('panel:why.title')}>
                {t(role === 'mine' ? 'panel:why.me' : 'panel:why.them')}
              </UnstyledButton>
            </WhyMe>
          )}
        </div>
      </div>
      {role !== 'closed' && (
        <WaitingTime
          since={head.waiting_since}
          target={targetOf(head.answered, detail.session)}
          large
        />
      )}
      <Actions
        detail={detail}
        role={role}
        mode={mode}
        onOpen={onOpen}
        action={action}
        onCard={() => setCard(search.card !== true)}
      />
    </header>
  )
}

/** State is said where it is not the usual one; on a phone below the name, which needs its line for itself. */
function State({ role }: { role: Role }) {
  const { t } = useTranslation('panel')
  if (role === 'queued') return <StateBadge meaning="warning">{t('panel:state.queued')}</StateBadge>
  return role === 'closed' && <StateBadge>{t('panel:state.closed')}</StateBadge>
}

type ActionsProps = Props & { onCard: () => void }

function Actions({ detail, role, mode, onOpen, action, onCard }: ActionsProps) {
  const { t } = useTranslation('panel')
  const may = (action: ActionName) => offers(detail, action)
  const live = role !== 'closed'
  const wide = mode !== 'pages'
  const busy = (name: string) => action.isPending && action.variables?.do === name
  return (
    <div className={classes.actions}>
      {wide && role === 'queued' && may('take') && (
        <Button loading={busy('take')} onClick={() => action.mutate({ do: 'take' })}>
          {t('panel:action.take')}
        </Button>
      )}
      {wide && live && may('hand_over') && (
        <Tooltip label={`${t('panel:action.handOver')} (A)`}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('panel:action.handOver')}
            onClick={() => onOpen('handOver')}
          >
            <IconUserShare size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      {wide && live && role !== 'queued' && may('close') && (
        <Tooltip label={`${t('panel:action.close')} (E)`}>
          <Button
            variant="default"
            className={classes.close}
            leftSection={<IconCheck size={16} aria-hidden />}
            onClick={() => onOpen('close')}
          >
            <span className={classes.closeWord}>{t('panel:action.close')}</span>
          </Button>
        </Tooltip>
      )}
      {wide && role === 'closed' && may('reopen') && (
        <Button
          variant="default"
          loading={busy('reopen')}
          leftSection={<IconRotate size={16} aria-hidden />}
          onClick={() => action.mutate({ do: 'reopen' })}
        >
          {t('panel:action.reopen')}
        </Button>
      )}
      <More detail={detail} role={role} wide={wide} onOpen={onOpen} action={action} />
      {mode !== 'full' && (
        <Tooltip label={t('panel:card.title')}>
          <ActionIcon size={wide ? 36 : 44} aria-label={t('panel:card.title')} onClick={onCard}>
            <IconLayoutSidebarRight size={20} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  )
}

type MoreProps = Pick<Props, 'detail' | 'role' | 'onOpen' | 'action'> & { wide: boolean }

function More({ detail, role, wide, onOpen, action }: MoreProps) {
  const { t } = useTranslation('panel')
  const confirm = useConfirm()
  const may = (action: ActionName) => offers(detail, action)
  const live = role !== 'closed'
  const spam = async () => {
    const sure = await confirm({
      title: t('panel:spam.title'),
      text: t('panel:spam.text'),
      action: t('panel:action.spam'),
      danger: true,
    })
    if (sure) action.mutate({ do: 'spam' })
  }
  const items = [
    !wide &&
      (role === 'queued' || role === 'others') &&
      may('take') && {
        key: 'take',
        icon: IconHandStop,
        run: () => action.mutate({ do: 'take' }),
      },
    !wide &&
      live &&
      may('hand_over') && {
        key: 'handOver',
        icon: IconUserShare,
        run: () => onOpen('handOver'),
      },
    !wide && live && may('close') && { key: 'close', icon: IconCheck, run: () => onOpen('close') },
    wide &&
      role === 'queued' &&
      may('close') && { key: 'close', icon: IconCheck, run: () => onOpen('close') },
    !wide &&
      !live &&
      may('reopen') && {
        key: 'reopen',
        icon: IconRotate,
        run: () => action.mutate({ do: 'reopen' }),
      },
    live &&
      detail.head.unanswered &&
      may('no_answer_needed') && {
        key: 'noAnswerNeeded',
        icon: IconMessageOff,
        run: () => action.mutate({ do: 'no-answer-needed' }),
      },
    may('spam') && { key: 'spam', icon: IconBan, run: () => void spam(), danger: true },
  ].filter((item) => item !== false)
  if (items.length === 0) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={wide ? 36 : 44} aria-label={t('ui:actions')}>
          <IconDots size={20} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ key, icon: Icon, run, ...item }) => (
          <Menu.Item
            key={key}
            color={'danger' in item ? 'red' : undefined}
            leftSection={<Icon size={16} stroke={1.7} aria-hidden />}
            onClick={run}
          >
            {t(`panel:action.${key}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
