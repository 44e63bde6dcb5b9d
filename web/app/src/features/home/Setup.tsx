import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { LinkProps } from '@tanstack/react-router'
import { chatsQuery, groupsQuery } from '@/lib/data/chats'
import { countsQuery } from '@/lib/data/panel'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { ButtonLink } from '@/ui/links'
import classes from './HomePage.module.css'

interface Step {
  key: string
  done: boolean
  link: LinkProps
}

/** Setup is the to-do list of a new company; it goes away for good with the first dialog. */
export function Setup() {
  const { t } = useTranslation('home')
  const { company, may } = useSession()
  const params = { company: company.id }
  const chats = useQuery(chatsQuery(company.id)).data
  const groups = useQuery(groupsQuery(company.id)).data
  const counts = useQuery(countsQuery(company.id)).data
  if (!chats || !groups || !counts) return null

  const live = chats.filter((chat) => chat.state === 'active')
  const served = live.some((chat) =>
    groups.some((group) => chat.groups?.includes(group.id) && (group.members?.length ?? 0) > 0),
  )
  const steps: Step[] = [
    { key: 'chat', done: live.length > 0, link: { to: '/c/$company/chats/new', params } },
    { key: 'group', done: served, link: { to: '/c/$company/chats/groups', params } },
    {
      key: 'code',
      done: counts.all > 0,
      link: live[0]
        ? {
            to: '/c/$company/chats/$chat',
            params: { ...params, chat: live[0].id },
            search: { tab: 'code' },
          }
        : { to: '/c/$company/chats', params },
    },
  ]
  const left = steps.filter((step) => !step.done)
  if (left.length === 0 || (counts.all > 0 && served)) return null
  return (
    <Card title={t('home:setup.title')} text={t('home:setup.left', { count: left.length })}>
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          <li key={step.key} className={classes.step} data-done={step.done}>
            <span className={classes.mark} aria-hidden>
              {step.done ? <IconCheck size={16} /> : index + 1}
            </span>
            <div className={classes.stepWords}>
              <div className={classes.stepName}>
                {t(`home:setup.${step.key}.name`)}
                {step.done && <span className="visually-hidden"> ({t('home:setup.done')})</span>}
              </div>
              {!step.done && (
                <div className={classes.stepText}>{t(`home:setup.${step.key}.text`)}</div>
              )}
            </div>
            {step === left[0] && may('chats.manage') && (
              <ButtonLink {...step.link}>{t(`home:setup.${step.key}.action`)}</ButtonLink>
            )}
          </li>
        ))}
      </ol>
    </Card>
  )
}
