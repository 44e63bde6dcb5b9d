import { Button } from '@mantine/core'
import { IconApi, IconKeyboard, IconLogout } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import { useTranslation } from '@/lib/i18n/i18n'
import { meQuery, useSession } from '@/lib/session/session'
import { Avatar } from '@/ui/Avatar'
import { LanguageSwitch, ThemeSwitch } from '@/ui/LanguageTheme'
import { ButtonLink } from '@/ui/links'
import { toastProblem } from '@/ui/toast'
import { CompanySwitcher } from './CompanySwitcher'
import { openKeys } from './Keys'
import classes from './Menus.module.css'

/** NameMenuContent is loaded when the menu may be opened. */
export function NameMenuContent({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('frame')
  const { user, company, memberships } = useSession()
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (body: Partial<Pick<typeof user, 'language' | 'theme'>>) =>
      ok(api.PATCH('/api/v1/me', { body })),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
    onError: (error) => toastProblem(t, error),
  })
  return (
    <div className={classes.name}>
      <div className={classes.who}>
        <Avatar name={user.name} size={36} />
        <div className={classes.words}>
          <div>{user.name}</div>
          <div className={classes.soft}>{user.email || user.phone}</div>
          <div className={classes.soft}>
            {company.name} · {company.id}
          </div>
        </div>
      </div>
      {memberships.length > 1 && <CompanySwitcher onLeave={onLeave} />}
      <div className={classes.group}>
        <p className={classes.heading}>{t('ui:language')}</p>
        <LanguageSwitch fullWidth onChange={(language) => save.mutate({ language })} />
        <p className={classes.heading}>{t('ui:theme.label')}</p>
        <ThemeSwitch onChange={(theme) => save.mutate({ theme })} />
      </div>
      <div className={classes.group}>
        <Button
          variant="subtle"
          color="gray"
          justify="flex-start"
          leftSection={<IconKeyboard size={18} aria-hidden />}
          onClick={() => {
            onLeave()
            openKeys()
          }}
        >
          {t('frame:keys.title')}
        </Button>
        <ButtonLink
          to="/api-reference"
          variant="subtle"
          color="gray"
          justify="flex-start"
          leftSection={<IconApi size={18} aria-hidden />}
          onClick={onLeave}
        >
          {t('ui:apiReference')}
        </ButtonLink>
        <SignOut />
      </div>
    </div>
  )
}

function SignOut() {
  const { t } = useTranslation('frame')
  const client = useQueryClient()
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/sign-out')),
    onSuccess: async () => {
      client.setQueryData(meQuery.queryKey, null)
      await navigate({ to: '/sign-in', ignoreBlocker: false })
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
    },
    onError: (error) => toastProblem(t, error),
  })
  return (
    <Button
      variant="subtle"
      color="gray"
      justify="flex-start"
      leftSection={<IconLogout size={18} aria-hidden />}
      loading={leave.isPending}
      onClick={() => leave.mutate()}
    >
      {t('frame:menu.signOut')}
    </Button>
  )
}
