import { Popover, UnstyledButton } from '@mantine/core'
import { formatMoney } from '@parley/shared/money'
import { IconCoin } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Message } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { moneyQuery } from '../data/money'
import { usePanel } from '../data/PanelContext'
import { levelsOf } from '../model/price'
import classes from './Bubble.module.css'
import explain from './Explain.module.css'

const PriceCard = lazy(() => import('./PriceCard').then((m) => ({ default: m.PriceCard })))

/** PriceChip tells what a message cost; pressed, it tells why. */
export function PriceChip({ message, asked }: { message: Message; asked: boolean }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const [open, setOpen] = useState(false)
  const { company } = usePanel()
  // A live message comes to many and carries no price: it is asked for when somebody looks.
  const card = useQuery({
    ...moneyQuery(company, message.id),
    enabled: asked && !message.price && !open,
  }).data
  const amount = message.price ?? (card && levelsOf(card)[0])
  const price = amount ? formatMoney(amount, locale) : undefined
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={340}
      position="bottom"
      shadow="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.price}
          data-open={open}
          aria-expanded={open}
          aria-label={price ? t('panel:price.chip', { price }) : t('panel:price.show')}
          onClick={() => setOpen(!open)}
        >
          {price ?? (
            <>
              <IconCoin size={13} aria-hidden />
              {t('panel:price.word')}
            </>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={explain.dropdown} aria-label={t('panel:price.show')}>
        <Suspense fallback={null}>
          <PriceCard message={message.id} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
