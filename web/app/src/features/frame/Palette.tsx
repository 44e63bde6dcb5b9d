import '@/lib/theme/rest'
import { Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type Icon, IconMessageCircle, IconMessages, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type LinkProps, useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useId, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { chatsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { places } from './navigation'
import classes from './Palette.module.css'

interface Found {
  key: string
  label: string
  hint: string
  icon: Icon
  link: LinkProps
}

/** Palette finds any page, chat or dialog by a part of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('frame')
  const navigate = useNavigate()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = useFound(typed)
  const current = Math.min(chosen, found.length - 1)

  const open = (one: Found | undefined) => {
    if (!one) return
    onClose()
    void navigate(one.link)
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.length > 0) {
      event.preventDefault()
      setChosen((current + step + found.length) % found.length)
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) open(found[current])
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size="lg"
      padding={0}
      yOffset="12vh"
      // The window itself needs the name, not the box around it and its shade.
      attributes={{ content: { 'aria-label': t('frame:palette.open') } }}
    >
      <TextInput
        data-autofocus
        size="lg"
        variant="unstyled"
        className={classes.field}
        leftSection={<IconSearch size={20} aria-hidden />}
        placeholder={t('frame:palette.placeholder')}
        aria-label={t('frame:palette.placeholder')}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found[current] ? `${id}-${current}` : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={press}
      />
      <div id={id} role="listbox" aria-label={t('frame:palette.results')} className={classes.list}>
        {found.map((one, index) => (
          // The keyboard works through the field above, as a combobox does.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={one.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            className={classes.option}
            ref={
              index === current
                ? (element) => element?.scrollIntoView({ block: 'nearest' })
                : undefined
            }
            onMouseMove={() => setChosen(index)}
            onClick={() => open(one)}
          >
            <one.icon size={18} stroke={1.6} aria-hidden />
            <span className={classes.label}>{one.label}</span>
            <span className={classes.hint}>{one.hint}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className={classes.nothing} role="status">
          {t('frame:palette.nothing')}
        </p>
      )}
    </Modal>
  )
}

function useFound(typed: string): Found[] {
  const { t } = useTranslation('frame')
  const session = useSession()
  const { company, may } = session
  const [asked] = useDebouncedValue(typed.trim(), 200)
  const wanted = typed.trim().toLocaleLowerCase()
  const fits = (text: string) => text.toLocaleLowerCase().includes(wanted)

  const chats = useQuery({ ...chatsQuery(company.id), enabled: may('chats.view') })
  const dialogs = useQuery({
    queryKey: ['dialogs', company.id, 'palette', asked],
    enabled: may('panel.use') && asked.length > 1,
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/dialogs', {
          params: { path: { company: company.id }, query: { view: 'all', q: asked, limit: 8 } },
        }),
      ),
  })
  const pages = places(session)
    .map(
      (place): Found => ({
        key: place.key,
        label: t(place.label),
        hint: t('frame:palette.page'),
        icon: place.icon,
        link: place.link,
      }),
    )
    .filter((place) => fits(place.label))
  const chatRows = (chats.data ?? [])
    .filter((chat) => wanted !== '' && (fits(chat.name) || String(chat.number) === wanted))
    .slice(0, 6)
    .map(
      (chat): Found => ({
        key: chat.id,
        label: chat.name,
        hint: t('frame:palette.chat'),
        icon: IconMessages,
        link: { to: '/c/$company/chats/$chat', params: { company: company.id, chat: chat.id } },
      }),
    )
  const dialogRows = (asked === '' ? [] : (dialogs.data?.items ?? [])).map(
    (head): Found => ({
      key: head.dialog_id,
      label: head.contact.name,
      hint: t('frame:palette.dialog', { number: head.number }),
      icon: IconMessageCircle,
      link: {
        to: '/c/$company/panel/$dialog',
        params: { company: company.id, dialog: head.dialog_id },
        search: { view: 'all' },
      },
    }),
  )
  return [...pages, ...chatRows, ...dialogRows]
}
