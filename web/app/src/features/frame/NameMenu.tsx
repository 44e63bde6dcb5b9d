import { UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Avatar } from '@/ui/Avatar'
import { LazyPopover } from '@/ui/LazyPopover'
import { FormSkeleton } from '@/ui/Skeletons'
import headerClasses from './Header.module.css'

const NameMenuContent = lazy(() =>
  import('./NameMenuContent').then((module) => ({ default: module.NameMenuContent })),
)

/** NameMenu is one's own corner: language, theme, other companies, the way out. */
export function NameMenu() {
  const { t } = useTranslation('frame')
  const { user, company } = useSession()
  return (
    <LazyPopover
      target={(toggle, open) => (
        <UnstyledButton
          className={headerClasses.button}
          onClick={toggle}
          aria-expanded={open}
          aria-haspopup="dialog"
          aria-label={t('frame:menu.open', { name: user.name, company: company.name })}
        >
          <Avatar name={user.name} />
          <span className={`${headerClasses.two} ${headerClasses.nameText}`}>
            <span className={headerClasses.strong}>{user.name}</span>
            <span className={headerClasses.soft}>{company.name}</span>
          </span>
          <IconChevronDown size={14} aria-hidden className={headerClasses.nameText} />
        </UnstyledButton>
      )}
    >
      {(close) => (
        <Suspense fallback={<FormSkeleton fields={3} />}>
          <NameMenuContent onLeave={close} />
        </Suspense>
      )}
    </LazyPopover>
  )
}
