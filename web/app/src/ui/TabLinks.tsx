import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './TabLinks.module.css'

interface Tab {
  key: string
  label: string
  link: LinkProps
  on: boolean
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
          aria-current={tab.on ? 'page' : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
