import type { ReactNode } from 'react'
import { usePageTitle } from '@/ui/Page'
import { PublicBar } from './PublicBar'
import classes from './PublicPage.module.css'

interface Props {
  title: string
  lead?: ReactNode
  /** "wide" is for texts to read and forms of several columns. */
  width?: 'narrow' | 'wide'
  children?: ReactNode
}

/** PublicPage is a box in the middle of a page that needs no sign-in. */
export function PublicPage({ title, lead, width = 'narrow', children }: Props) {
  usePageTitle(title)
  return (
    <div className={classes.page}>
      <PublicBar />
      <main className={classes.main}>
        <div className={classes.box} data-width={width}>
          <h1 className={classes.title}>{title}</h1>
          {lead && <p className={classes.lead}>{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  )
}
