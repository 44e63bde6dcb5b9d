import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './TabLinks.module.css'

interface Tab {
  key: string
  label: string
  link: LinkProps
  on: boolean
}

/** On a phone the row scrolls, and the tab one is on may lie outside of it. */
function reveal(element: HTMLAnchorElement | null): void {
  const row = element?.parentElement
  if (!element || !row || row.scrollWidth <= row.clientWidth) return
  row.scrollLeft = element.offsetLeft - row.offsetLeft - (row.clientWidth - element.clientWidth) / 2
}

/** TabLinks are tabs that live in the URL, so that Back and a reload keep them. */
export function TabLinks({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map((tab) => (
        <Link
          key={tab.key}
          {...tab.link}
          className={classes.tab}
          activeOptions={{ exact: true, explicitUndefined: true }}
          aria-current={tab.on ? 'page' : undefined}
          ref={tab.on ? reveal : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
